package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.nemesis.Damage.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * One part of a follower's data is as it was some seconds ago, and the rest is not: a repaired file system, or somebody who restores what he
 * thinks is broken. Each file is sound in itself. The node must come back by itself, with everything.
 */
record OldPart(Part part) implements Nemesis {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    static List<Nemesis> kinds() {
        return Stream.of(Part.values()).<Nemesis>map(OldPart::new).toList();
    }

    @Override
    public String name() {
        return "rolled-back-" + part.label();
    }

    @Override
    public Promise promise() {
        return Promise.SHORT;
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws IOException, InterruptedException {
        NodeProcess node = Victims.FOLLOWER.choose(cluster, random).get(0);
        Map<Path, byte[]> old = read(node);
        advance(node, cluster, random, faults);
        LogMark before = LogMark.of(node);
        boolean mustBeSeen = false;
        try {
            node.terminate(LIMIT);
            Map<Path, byte[]> present = read(node);
            if (isEqual(old, present)) {
                faults.say(node.id() + " has what it had: nothing done");
                return;
            }
            for (Path file : present.keySet()) {
                Files.delete(file);
            }
            for (Map.Entry<Path, byte[]> file : old.entrySet()) {
                Files.write(file.getKey(), file.getValue());
            }
            faults.say(node.id() + " has its " + old.size() + " old files of " + part + " instead of " + present.size()
                    + " new ones");
            // an old identity file harms nobody: it counts starts, and goes by the clock too
            mustBeSeen = part == Part.RAFT_SEGMENT || part == Part.RAFT_METADATA;
        } finally {
            node.kill();
            Restarts.startHarmed(node, faults);
        }
        if (mustBeSeen) {
            before.awaitOneOf(LogMark.DISTRUST);
        }
    }

    /** Clients write, which changes most parts. A vote changes when there is an election, and the identity file at a start. */
    private void advance(NodeProcess node, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        Hold.between(500, 2_000, random);
        if (part == Part.IDENTITY) {
            node.terminate(LIMIT);
            node.start();
            node.awaitReady(LIMIT);
            faults.say("restarted " + node.id());
        } else if (part == Part.RAFT_METADATA) {
            Elections.holdWithout(node, cluster, faults);
        }
        Hold.between(2_000, 4_000, random);
    }

    private Map<Path, byte[]> read(NodeProcess node) throws IOException {
        Map<Path, byte[]> contents = new LinkedHashMap<>();
        for (Path file : part.filesOf(node)) {
            contents.put(file, Files.readAllBytes(file));
        }
        return contents;
    }

    private static boolean isEqual(Map<Path, byte[]> some, Map<Path, byte[]> others) {
        return some.keySet().equals(others.keySet())
                && some.keySet().stream().allMatch(file -> Arrays.equals(some.get(file), others.get(file)));
    }
}
