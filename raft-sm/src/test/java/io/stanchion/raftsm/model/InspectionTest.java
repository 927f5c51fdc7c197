package io.stanchion.raftsm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import io.stanchion.proto.record.SessionRecord;
import io.stanchion.raftsm.MemoryStore;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class InspectionTest {
    private static final long NOW = 1_000_000_000L;

    private static final Start NEW_ONLY = new Start(Start.NEW_ONLY, 0, 0);

    private final MemoryStore store = new MemoryStore();
    private MachineState state = store.restore();
    private final Outbox out = state.takeOver(1, NOW);

    private ClientSession connect(String clientId) {
        state.openSession(
                SessionRecord.newBuilder()
                        .setClientId(clientId)
                        .setHeartbeatInbox("hb." + clientId)
                        .build(),
                state.outbox(1, NOW));
        return Objects.requireNonNull(state.session(clientId));
    }

    private void publish(Channel channel, int count) {
        channel.append(count, ByteString.copyFrom(new byte[10 * count]), state.outbox(1, NOW));
    }

    private Inspection inspection() {
        return new Inspection(state);
    }

    private static Options options(String name, int maxInFlight) {
        return new Options("inbox." + name, "ack." + name, maxInFlight, 30);
    }

    @Test
    void shouldListChannelsByNameInSteps() {
        for (String name : List.of("c", "a", "d", "b")) {
            state.openChannel(name, 1, state.outbox(1, NOW));
        }
        publish(Objects.requireNonNull(state.channel("b")), 3);

        assertThat(inspection().channels()).isEqualTo(4);
        assertThat(inspection().channelsAfter("", 2))
                .containsExactly(new ChannelFacts("a", 0, 0, 1, 0, 0), new ChannelFacts("b", 3, 30, 1, 3, 0));
        assertThat(inspection().channelsAfter("b", 10))
                .extracting(ChannelFacts::name)
                .containsExactly("c", "d");
        assertThat(inspection().channel("d")).isNotNull();
        assertThat(inspection().channel("e")).isNull();
    }

    @Test
    void shouldListSessionsWithTheirSubscriptions() {
        ClientSession bob = connect("bob");
        connect("alice");
        Channel orders = state.openChannel("orders", 1, state.outbox(1, NOW));
        Channel bills = state.openChannel("bills", 1, state.outbox(1, NOW));
        state.newSubscription(orders, "", NEW_ONLY, bob, options("1", 5), out);
        state.newSubscription(bills, "", NEW_ONLY, bob, options("2", 5), out);

        assertThat(inspection().sessionsAfter("", 10))
                .containsExactly(new SessionFacts("alice", "hb.alice", 0), new SessionFacts("bob", "hb.bob", 2));
        assertThat(inspection().session("bob")).isEqualTo(new SessionFacts("bob", "hb.bob", 2));
        assertThat(inspection().subscriptionsOf("bob", 0, 10))
                .extracting(SubscriptionFacts::channel)
                .containsExactly("orders", "bills");
        assertThat(inspection().subscriptionsOf("nobody", 0, 10)).isEmpty();
    }

    @Test
    void shouldTellWhatAnOfflineDurableWasLike() {
        ClientSession alice = connect("alice");
        Channel orders = state.openChannel("orders", 1, state.outbox(1, NOW));
        Subscription durable = state.newSubscription(orders, "dur", NEW_ONLY, alice, options("1", 2), out);
        durable.start(state.outbox(1, NOW));
        publish(orders, 5);
        SubscriptionFacts online = inspection().subscriptionsOn("orders", 0, 10).get(0);
        assertThat(online)
                .isEqualTo(new SubscriptionFacts(
                        durable.id(),
                        "orders",
                        "alice",
                        "inbox.1",
                        "ack.1",
                        "dur",
                        "",
                        true,
                        false,
                        2,
                        30,
                        2,
                        2,
                        true));

        state.closeSession(alice, out);
        SubscriptionFacts offline =
                inspection().subscriptionsOn("orders", 0, 10).get(0);
        assertThat(offline)
                .isEqualTo(new SubscriptionFacts(
                        durable.id(), "orders", "alice", "inbox.1", "ack.1", "dur", "", true, true, 2, 30, 2, 2, true));

        store.write(state.drainChanges());
        state = store.restore();
        assertThat(inspection().subscriptionsOn("orders", 0, 10)).containsExactly(offline);
    }

    @Test
    void shouldNameDurableGroupsWithTheirDurableName() {
        ClientSession alice = connect("alice");
        Channel orders = state.openChannel("orders", 1, state.outbox(1, NOW));
        QueueGroup durable = state.newGroup(orders, "dur", "g", NEW_ONLY, NOW);
        QueueGroup passing = state.newGroup(orders, "", "g", NEW_ONLY, NOW);
        state.newMember(durable, orders, alice, options("1", 5), out);
        state.newMember(passing, orders, alice, options("2", 5), out);

        assertThat(inspection().subscriptionsOn("orders", 0, 10))
                .extracting(SubscriptionFacts::queueName, SubscriptionFacts::isDurable, SubscriptionFacts::durableName)
                .containsExactly(tuple("dur:g", true, ""), tuple("g", false, ""));

        state.closeSession(alice, out);
        assertThat(inspection().subscriptionsOn("orders", 0, 10))
                .singleElement()
                .matches(SubscriptionFacts::isOffline)
                .extracting(SubscriptionFacts::queueName, SubscriptionFacts::clientId)
                .containsExactly("dur:g", "alice");
    }
}
