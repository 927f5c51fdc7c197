package io.stanchion.node.leader;

import io.stanchion.raftsm.effect.Effect.Deliver;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what is sent to subscribers, a line for each page. Costs one look at the level while it is off. */
final class DeliveryTrace {
    private static final Logger log = LoggerFactory.getLogger(DeliveryTrace.class);

    private final LongFunction<String> clientOf;

    /** @param clientOf the client ID of the session that has a subscription; only asked while the log takes traces */
    DeliveryTrace(LongFunction<String> clientOf) {
        this.clientOf = clientOf;
    }

    void sent(Deliver delivery, long first, long last, int messages) {
        if (log.isTraceEnabled()) {
            log.trace(
                    "[Client:{}] {} {} msg to subid={}, subject={}, seq={}..{}, inbox={}",
                    clientOf.apply(delivery.subscription()),
                    delivery.redeliveryCount() == 0 ? "Delivering" : "Redelivering",
                    messages,
                    delivery.subscription(),
                    delivery.channel(),
                    first,
                    last,
                    delivery.inbox());
        }
    }
}
