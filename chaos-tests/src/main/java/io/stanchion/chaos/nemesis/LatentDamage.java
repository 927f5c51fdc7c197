package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeException;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.nemesis.Damage.Part;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A bit flips under a follower that runs, in a file that is finished. The node reads all its data every so often: it must find the bit, say
 * so, and get everything from its peers.
 */
record LatentDamage(Part part) implements Nemesis {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    static List<Nemesis> kinds() {
        return List.of(new LatentDamage(Part.RAFT_SEGMENT), new LatentDamage(Part.TABLE));
    }

    @Override
    public String name() {
        return "latent-damage-" + part.label();
    }

    @Override
    public ClusterNeeds needs() {
        return ClusterNeeds.PLAIN.andSettings("scrub_interval: \"2s\"", "scrub_rate: 64MB");
    }

    @Override
    public Promise promise() {
        return Promise.SHORT;
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws IOException, InterruptedException {
        NodeProcess node = Victims.FOLLOWER.choose(cluster, random).get(0);
        Hold.between(500, 2_000, random);
        finishFiles(node, cluster, faults);
        List<Path> files = part.filesOf(node).stream()
                .filter(file -> part == Part.TABLE || Damage.isClosedSegment(file))
                .toList();
        if (files.isEmpty()) {
            faults.say(node.id() + " has no such file yet: nothing done");
            return;
        }
        Path file = files.get(random.nextInt(files.size()));
        Restarts.forgetEarlierHarm(node);
        LogMark before = LogMark.of(node);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            long half = open.length() / 2; // behind that a table has what is read at its opening
            Harm.flipBit(open, random.nextLong(half), random);
        }
        faults.say(node.id() + ": a bit of " + file + " is another");
        Await.tryUntil(LIMIT, () -> before.hasOneOf(LogMark.DISTRUST) || !Files.exists(file));
        if (before.hasOneOf(LogMark.DISTRUST)) {
            faults.say(node.id() + " has noticed");
        } else if (Files.exists(file)) {
            throw new NodeException(
                    "node " + node.id() + " has not noticed that a bit of " + file + " is another: " + node.logTail());
        } else {
            faults.say(node.id() + " does not need that file any more"); // compacted in that moment, or purged
        }
    }

    /** A segment of the log is finished by an election, and a table by a stop. */
    private void finishFiles(NodeProcess node, ProcessCluster cluster, FaultLog faults) throws IOException {
        if (part == Part.RAFT_SEGMENT) {
            Elections.holdWithout(node, cluster, faults);
        } else {
            node.terminate(LIMIT);
            Restarts.startHarmed(node, faults);
        }
        node.awaitReady(LIMIT);
    }
}
