package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.stan.SubscriptionRequest;
import io.stanchion.proto.stan.SubscriptionResponse;
import io.stanchion.proto.stan.UnsubscribeRequest;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** A streaming session spoken by hand. */
record RawSession(RawStanClient stan, String clientId) {
    /** Publishes one by one; each must be stored. */
    void publish(String channel, String... texts) throws IOException {
        for (String text : texts) {
            assertThat(stan.publish(clientId, channel, text).getError()).isEmpty();
        }
    }

    RawSubscription subscribe(String channel, UnaryOperator<SubscriptionRequest.Builder> options) throws IOException {
        String inbox = stan.newInbox();
        var deliveries = stan.nats().subscribe(inbox);
        SubscriptionResponse response = request(channel, inbox, options);
        assertThat(response.getError()).isEmpty();
        return new RawSubscription(this, channel, inbox, response.getAckInbox(), deliveries);
    }

    /** The error; the subscription must be refused. */
    String refusedSubscribe(String channel, UnaryOperator<SubscriptionRequest.Builder> options) throws IOException {
        SubscriptionResponse response = request(channel, stan.newInbox(), options);
        assertThat(response.getAckInbox()).isEmpty();
        return response.getError();
    }

    private SubscriptionResponse request(
            String channel, String inbox, UnaryOperator<SubscriptionRequest.Builder> options) throws IOException {
        return stan.subscribe(options.apply(RawStanClient.subscription(clientId, channel, inbox))
                .build());
    }

    /** Also what another session asked for, if this one names its inbox. */
    UnsubscribeRequest ending(String channel, String inbox) {
        return UnsubscribeRequest.newBuilder()
                .setClientId(clientId)
                .setSubject(channel)
                .setInbox(inbox)
                .build();
    }

    void close() throws IOException {
        assertThat(stan.closeSession(clientId)).isEmpty();
    }
}
