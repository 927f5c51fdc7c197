package io.stanchion.chaos.nemesis;

import io.nats.streaming.StreamingConnection;
import io.nats.streaming.SubscriptionOptions;
import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeException;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.Ballast;
import io.stanchion.chaos.workload.StreamingSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Somebody else fills disks, and tidies up later. While some room is left below the mark at which nodes call their disk nearly full, none of
 * them may end: one such disk is no matter to clients, and those of a majority mean that publishes are refused until there is room again. A
 * node whose disk is filled to the last bytes may end.
 */
final class DiskFull {
    private static final ClusterNeeds DISKS = ClusterNeeds.of(ClusterNeeds.Part.DISKS);

    /** The mark is at a twentieth of a disk as small as ours: 48 MB. */
    private static final long NEARLY_FULL_LEAST_BYTES = 16L << 20;

    private static final long NEARLY_FULL_MOST_BYTES = 40L << 20;
    private static final long LAST_BYTES = 4L << 20;
    private static final String REFUSAL = "stan: the disk is nearly full, nothing can be published";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration ACK_WAIT = Duration.ofSeconds(1);

    private DiskFull() {}

    static List<Nemesis> kinds() {
        List<Nemesis> kinds = new ArrayList<>(Fault.toOne("disk-full", DISKS, DiskFull::fillOne));
        kinds.addAll(Fault.to(List.of(Victims.MAJORITY, Victims.ALL), "disk-full", DISKS, DiskFull::fillMost));
        kinds.addAll(Fault.toOne("disk-exhausted", DISKS, DiskFull::exhaust));
        return kinds;
    }

    private static void fillOne(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        try {
            fill(chosen, random.nextLong(NEARLY_FULL_LEAST_BYTES, NEARLY_FULL_MOST_BYTES), cluster, faults);
            Hold.between(5_000, 15_000, random);
        } finally {
            empty(chosen, cluster, faults);
        }
        Restarts.requireRunning(chosen);
    }

    /** A publisher and subscriber of ours sees what all others see, and says so. */
    private static void fillMost(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException, IOException, TimeoutException {
        try (StreamingSession session = StreamingSession.open(
                cluster.clusterId(), "disk-watch", cluster.urlsFrom(chosen.get(0)), Duration.ofSeconds(5))) {
            StreamingConnection client = session.streaming();
            awaitAnswer("", client, "before the disks are full");
            try {
                fill(chosen, random.nextLong(NEARLY_FULL_LEAST_BYTES, NEARLY_FULL_MOST_BYTES), cluster, faults);
                awaitAnswer(REFUSAL, client, "while the disks of a majority are full");
                faults.say("publishers are refused");
                requireAcks(client);
                faults.say("acknowledgements count");
                Hold.between(1_000, 5_000, random);
                requireAnswer(REFUSAL, client);
            } finally {
                empty(chosen, cluster, faults);
            }
            awaitAnswer("", client, "when there is room again");
            faults.say("publishers go on");
        }
        Restarts.requireRunning(cluster.nodes());
    }

    private static void exhaust(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        try {
            fill(chosen, random.nextLong(LAST_BYTES), cluster, faults);
            Hold.between(5_000, 15_000, random);
        } finally {
            empty(chosen, cluster, faults);
        }
        Restarts.startFaulty(chosen, faults);
    }

    private static void fill(List<NodeProcess> chosen, long left, ProcessCluster cluster, FaultLog faults) {
        faults.say("filled the disk of " + Victims.names(chosen) + " up to " + left + " bytes");
        chosen.forEach(node -> cluster.disks().fill(node, left));
    }

    private static void empty(List<NodeProcess> chosen, ProcessCluster cluster, FaultLog faults) {
        chosen.forEach(cluster.disks()::empty);
        faults.say("made room again");
    }

    private static void awaitAnswer(String expected, StreamingConnection client, String when) {
        if (!Await.tryUntil(LIMIT, () -> answer(client).equals(expected))) {
            throw new NodeException(
                    "a publish was answered with \"" + answer(client) + "\" and not with \"" + expected + "\" " + when);
        }
    }

    private static void requireAnswer(String expected, StreamingConnection client) {
        String answer = answer(client);
        if (!answer.equals(expected)) {
            throw new NodeException("a publish was answered with \"" + answer + "\" some seconds after \"" + expected
                    + "\", and nothing has changed since");
        }
    }

    /** What the server says to a publish; empty if it stores it. */
    private static String answer(StreamingConnection client) {
        try {
            client.publish(Ballast.CHANNEL, new byte[1]);
            return "";
        } catch (IOException | TimeoutException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** A message whose acknowledgement did not count would come again and again. */
    private static void requireAcks(StreamingConnection client)
            throws IOException, InterruptedException, TimeoutException {
        AtomicLong last = new AtomicLong();
        client.subscribe(
                Ballast.CHANNEL,
                message -> {
                    last.set(System.nanoTime());
                    try {
                        message.ack();
                    } catch (IOException e) {
                        last.set(0); // and it comes again
                    }
                },
                new SubscriptionOptions.Builder()
                        .startWithLastReceived()
                        .manualAcks()
                        .ackWait(ACK_WAIT)
                        .build());
        if (!Await.tryUntil(LIMIT, () -> last.get() != 0 && System.nanoTime() - last.get() > 3 * ACK_WAIT.toNanos())) {
            throw new NodeException("acknowledgements don't count while nothing can be published");
        }
    }
}
