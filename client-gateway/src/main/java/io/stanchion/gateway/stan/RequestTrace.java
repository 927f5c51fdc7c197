package io.stanchion.gateway.stan;

import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Subscriber;
import io.stanchion.proto.stan.ConnectRequest;
import io.stanchion.proto.stan.PubMsg;
import io.stanchion.proto.stan.SubscriptionRequest;
import io.stanchion.proto.stan.UnsubscribeRequest;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each request of streaming clients before it is served, and does nothing else. Costs one look at the level while it is off. */
final class RequestTrace implements Subscriber {
    private static final Logger log = LoggerFactory.getLogger(RequestTrace.class);

    private final Subscriber served;
    private final Consumer<Message> tell;

    private RequestTrace(Subscriber served, Consumer<Message> tell) {
        this.served = served;
        this.tell = tell;
    }

    @Override
    public boolean deliver(Message message) {
        if (log.isTraceEnabled()) {
            tell.accept(message);
        }
        return served.deliver(message);
    }

    static Subscriber connects(Subscriber served) {
        return new RequestTrace(served, message -> {
            ConnectRequest request = RequestDecoder.connect(message);
            if (request != null) {
                log.trace(
                        "[Client:{}] Connect request (Inbox={}, protocol={})",
                        request.getClientId(),
                        request.getHeartbeatInbox(),
                        request.getProtocol());
            }
        });
    }

    static Subscriber publishes(Subscriber served) {
        return new RequestTrace(served, message -> {
            PubMsg.Builder request = PubMsg.newBuilder();
            WireReader in = WireReader.of(message);
            while (in.next()) {
                switch (in.field()) {
                    case PubMsg.CLIENT_ID_FIELD_NUMBER -> request.setClientId(in.text());
                    case PubMsg.GUID_FIELD_NUMBER -> request.setGuid(in.text());
                    case PubMsg.SUBJECT_FIELD_NUMBER -> request.setSubject(in.text());
                    default -> {}
                }
            }
            log.trace(
                    "[Client:{}] Received message from publisher subj={} guid={}",
                    request.getClientId(),
                    request.getSubject(),
                    request.getGuid());
        });
    }

    static Subscriber acks(Subscriber served, SubscriptionNames names) {
        return new RequestTrace(served, message -> {
            String inbox = message.subject().toString();
            SubscriptionNames.Name of = names.acknowledgingOn(inbox);
            log.trace(
                    "[Client:{}] Processing ack for subid={}, subject={}, seq={}, inbox={}",
                    of == null ? "?" : of.clientId(),
                    of == null ? 0 : of.id(),
                    of == null ? "?" : of.channel(),
                    RequestDecoder.ackedSequence(message),
                    inbox);
        });
    }

    /** @param ack its PubAck, which begins with the guid of the message */
    static void stored(String clientId, String channel, byte[] ack) {
        if (log.isTraceEnabled()) {
            log.trace("[Client:{}] Acking Publisher subj={} guid={}", clientId, channel, PubAcks.guid(ack));
        }
    }

    static Subscriber subscribes(Subscriber served) {
        return new RequestTrace(served, message -> {
            SubscriptionRequest request = RequestDecoder.subscribe(message);
            if (request != null) {
                log.trace(
                        "[Client:{}] Subscribe request, subject={}, inbox={}, durable={}, queue={}, start={}",
                        request.getClientId(),
                        request.getSubject(),
                        request.getInbox(),
                        request.getDurableName(),
                        request.getQGroup(),
                        request.getStartPosition());
            }
        });
    }

    /** @param how the subscription ends */
    static Subscriber ends(String how, Subscriber served) {
        return new RequestTrace(served, message -> {
            UnsubscribeRequest request = RequestDecoder.unsubscribe(message);
            if (request != null) {
                log.trace(
                        "[Client:{}] {} subscription, subject={}, inbox={}",
                        request.getClientId(),
                        how,
                        request.getSubject(),
                        request.getInbox());
            }
        });
    }
}
