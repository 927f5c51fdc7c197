package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Folders;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * One file of a follower is damaged while the follower is down. It must come back by itself: with what is left, or with everything from its
 * peers. Only without a readable identity file may it refuse, because it can't know whose data that is; then its disk is emptied, as an
 * operator would do.
 */
record Damage(Part part, Harm harm) implements Nemesis {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    /** Which file, by the beginning of its name or by its ending. */
    enum Part {
        RAFT_SEGMENT("raft", "log_", ""),
        RAFT_METADATA("raft", "raft-meta", ""),
        TABLE("db", "", ".sst"),
        MANIFEST("db", "MANIFEST", ""),
        IDENTITY("", "identity", "");

        private final String folder;
        private final String beginning;
        private final String ending;

        Part(String folder, String beginning, String ending) {
            this.folder = folder;
            this.beginning = beginning;
            this.ending = ending;
        }

        /** The words for it in the name of a nemesis. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Its files, in an order that does not depend on the file system: the seed shall choose. */
        List<Path> filesOf(NodeProcess node) throws IOException {
            return Folders.find(node.dataDirectory().resolve(folder), beginning).stream()
                    .filter(file -> file.toFile().isFile())
                    .filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    static List<Nemesis> kinds() {
        return Stream.of(Part.values())
                .flatMap(part -> Stream.of(Harm.values()).<Nemesis>map(harm -> new Damage(part, harm)))
                .toList();
    }

    @Override
    public String name() {
        return harm.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + part.label();
    }

    @Override
    public Promise promise() {
        return Promise.SHORT;
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) throws IOException {
        NodeProcess node = Victims.FOLLOWER.choose(cluster, random).get(0);
        LogMark before = LogMark.of(node);
        boolean mustBeSeen = false;
        try {
            node.terminate(STOP_LIMIT); // a polite stop writes tables too, so that there is something to damage
            List<Path> files = part.filesOf(node);
            if (files.isEmpty()) {
                faults.say(node.id() + " has no such file yet: nothing done");
                return;
            }
            Path file = files.get(random.nextInt(files.size()));
            byte[] sound = Files.readAllBytes(file);
            boolean done = harm.tryOn(file, random);
            mustBeSeen = part == Part.RAFT_SEGMENT
                    && isClosedSegment(file)
                    && !Arrays.equals(sound, Files.readAllBytes(file));
            faults.say(node.id() + ": " + (done ? harm.name().toLowerCase(Locale.ROOT) : "left empty") + " " + file);
        } finally {
            node.kill();
            if (part == Part.IDENTITY) {
                Restarts.startOrEmpty(node, faults);
            } else {
                Restarts.startHarmed(node, faults);
            }
        }
        if (mustBeSeen) {
            before.awaitOneOf(LogMark.DISTRUST);
        }
    }

    /** One whose name says what is in it, and which each start reads. Elsewhere a change may be to what is read by the next scrub only. */
    static boolean isClosedSegment(Path file) {
        return file.getFileName().toString().matches("log_\\d+-\\d+");
    }
}
