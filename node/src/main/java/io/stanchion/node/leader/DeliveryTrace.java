package io.stanchion.node.leader;

import io.stanchion.raftsm.effect.Effect.Deliver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what is sent to subscribers, a line for each page. */
final class DeliveryTrace {
    private static final Logger log = LoggerFactory.getLogger(DeliveryTrace.class);

    private DeliveryTrace() {}

    static void sent(Deliver delivery, long first, long last, int messages) {
        if (log.isTraceEnabled()) {
            log.trace(
                    "{} {} msg to subid={}, subject={}, seq={}..{}, inbox={}",
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
