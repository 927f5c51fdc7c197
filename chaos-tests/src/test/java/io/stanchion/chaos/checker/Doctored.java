package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.NodeStore.StoredChannel;
import io.stanchion.chaos.checker.NodeStore.StoredDigest;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.History;
import io.stanchion.chaos.history.Phase;
import io.stanchion.chaos.nemesis.Promise;
import io.stanchion.chaos.workload.Limits;
import io.stanchion.chaos.workload.Stamp;
import io.stanchion.chaos.workload.SubscriberPlan;
import io.stanchion.raftsm.model.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A short trial that is in order, for tests to spoil: ten publishes of writer 1, one a second, stored on three nodes, delivered to a
 * durable and acknowledged by it.
 */
final class Doctored {
    static final String CHANNEL = "orders";
    static final int MESSAGES = 10;
    static final int BYTES = 2 << 10;
    static final SubscriberPlan DURABLE =
            new SubscriberPlan("reader", CHANNEL, "d", "", SubscriberPlan.Start.ALL, 2, 2, 0);

    final List<Event> events = new ArrayList<>();
    final Map<String, List<StoredMessage>> stores = new LinkedHashMap<>();
    final Map<String, StoredDigest> digests = new LinkedHashMap<>();
    final Map<String, ReplicaStatement> replicas = new LinkedHashMap<>();
    Promise promise = Promise.SHORT;
    Limits limits = new Limits(100, Map.of(), Map.of());
    Ending ending = new Ending(0, 0, true);

    Doctored() {
        for (String node : List.of("a", "b", "c")) {
            stores.put(node, new ArrayList<>());
            digests.put(node, new StoredDigest(70, digest(7)));
            replicas.put(node, new ReplicaStatement(node, 60, "1.5.abc", 0));
        }
        events.add(event(0, Phase.INVOKE, Action.SUBSCRIBE, 1000, "reader#1").saying(DURABLE.write()));
        events.add(event(0.1, Phase.OK, Action.SUBSCRIBE, 1000, "reader#1"));
        for (int i = 1; i <= MESSAGES; i++) {
            events.add(publish(i, Phase.INVOKE, i));
            events.add(publish(i + 0.1, Phase.OK, i));
            long counter = i;
            stores.values().forEach(messages -> messages.add(stored(counter, counter)));
            events.add(delivery(i + 0.2, "reader#1", i, i, false));
            events.add(ack(i + 0.3, "reader#1", i));
        }
    }

    static Digest digest(long channels) {
        return new Digest(Digest.VERSION, 5, List.of(1L, channels));
    }

    static Event event(double seconds, Phase phase, Action action, long operation, String party) {
        return Event.now("client", phase, action, operation)
                .at((long) (seconds * TimeUnit.SECONDS.toNanos(1)))
                .on(CHANNEL, party);
    }

    static Event publish(double seconds, Phase phase, long counter) {
        return event(seconds, phase, Action.PUBLISH, counter, "writer-1").message(1, counter);
    }

    static Event delivery(double seconds, String party, long sequence, long counter, boolean flagged) {
        return event(seconds, Phase.INFO, Action.DELIVER, 0, party)
                .message(1, counter)
                .stored(sequence, sequence, flagged);
    }

    static Event ack(double seconds, String party, long sequence) {
        return event(seconds, Phase.INFO, Action.ACK, 0, party).stored(sequence, Event.NONE, false);
    }

    static StoredMessage stored(long sequence, long counter) {
        return new StoredMessage(sequence, sequence, BYTES, new Stamp(1, counter, CHANNEL));
    }

    List<StoredMessage> store(String node) {
        return stores.get(node);
    }

    /** Removes the n-th event of a kind, counted from 1. */
    void forget(Action action, Phase phase, int which) {
        Event victim = events.stream()
                .filter(event -> event.is(action, phase))
                .skip(which - 1L)
                .findFirst()
                .orElseThrow();
        events.remove(victim);
    }

    Trial trial() {
        List<NodeStore> nodes = new ArrayList<>();
        stores.forEach((node, messages) -> {
            long first = messages.isEmpty() ? 1 : messages.get(0).sequence();
            long last =
                    messages.isEmpty() ? 0 : messages.get(messages.size() - 1).sequence();
            nodes.add(
                    new NodeStore(node, Map.of(CHANNEL, new StoredChannel(first, last, messages)), digests.get(node)));
        });
        return Trial.of(
                History.of(events),
                nodes,
                List.copyOf(replicas.values()),
                ending,
                promise,
                limits,
                Duration.ofSeconds(10));
    }

    List<Finding> judgedBy(Checker checker) {
        return checker.check(trial());
    }
}
