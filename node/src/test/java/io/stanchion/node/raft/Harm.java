package io.stanchion.node.raft;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a bad disk does to a data directory while its node is down. */
enum Harm {
    LOG_BIT_FLIPPED(Harm.CLOSED_SEGMENT, Blow.FLIP),
    LOG_SEGMENT_TRUNCATED(Harm.CLOSED_SEGMENT, Blow.HALVE),
    LOG_SEGMENT_ZEROED(Harm.CLOSED_SEGMENT, Blow.ZERO),
    OPEN_SEGMENT_ZEROED(Harm.OPEN_SEGMENT, Blow.ZERO),
    OPEN_SEGMENT_GONE(Harm.OPEN_SEGMENT, Blow.DELETE),
    OPEN_SEGMENT_BIT_FLIPPED(Harm.OPEN_SEGMENT, Blow.FLIP_FIRST_ENTRY),
    VOTE_EMPTY(Harm.VOTE, Blow.EMPTY),
    VOTE_GONE(Harm.VOTE, Blow.DELETE),
    VOTE_OF_AN_EARLIER_TERM(Harm.VOTE, Blow.TERM_ZERO),
    GROUP_GARBLED("raft-meta\\.conf", Blow.ZERO),
    TABLE_TRUNCATED(Harm.TABLE, Blow.HALVE),
    TABLE_BIT_FLIPPED(Harm.TABLE, Blow.FLIP_FIRST_BLOCK),
    TABLE_GONE(Harm.TABLE, Blow.DELETE),
    TABLE_ZEROED(Harm.TABLE, Blow.ZERO),
    LIST_OF_TABLES_GONE(Harm.LIST_OF_TABLES, Blow.DELETE),
    LIST_OF_TABLES_ZEROED(Harm.LIST_OF_TABLES, Blow.ZERO),
    NAME_OF_THE_LIST_EMPTY("CURRENT", Blow.EMPTY),
    NAME_OF_THE_LIST_GONE("CURRENT", Blow.DELETE);

    private static final String CLOSED_SEGMENT = "log_\\d+-\\d+";
    private static final String OPEN_SEGMENT = "log_inprogress_\\d+";
    private static final String VOTE = "raft-meta";
    private static final String TABLE = "\\d+\\.sst";
    private static final String LIST_OF_TABLES = "MANIFEST-\\d+";

    private final String victim;
    private final Blow blow;

    /** @param victim a pattern of file names; the largest of these files gets the blow */
    Harm(String victim, Blow blow) {
        this.victim = victim;
        this.blow = blow;
    }

    private enum Blow {
        FLIP,
        FLIP_FIRST_ENTRY,
        FLIP_FIRST_BLOCK,
        HALVE,
        ZERO,
        EMPTY,
        TERM_ZERO,
        DELETE;

        void to(Path file) throws IOException {
            switch (this) {
                case FLIP -> flip(file, Files.size(file) / 2);
                case FLIP_FIRST_ENTRY -> flip(file, 20);
                case FLIP_FIRST_BLOCK -> flip(file, 10);
                case HALVE -> halve(file);
                case ZERO -> Files.write(file, new byte[(int) Files.size(file)]);
                case EMPTY -> Files.write(file, new byte[0]);
                case TERM_ZERO -> Files.writeString(file, "votedFor=a\nterm=0\n");
                case DELETE -> Files.delete(file);
            }
        }
    }

    void to(Path data) throws IOException {
        blow.to(largest(data, victim));
    }

    /** What a power cut may leave of a write of several pages: the later ones. Nobody was promised what it was. */
    static void appendWithAHole(Path data) throws IOException {
        Path segment = largest(data, OPEN_SEGMENT);
        byte[] lost = new byte[4096];
        byte[] kept = new byte[4096];
        Arrays.fill(kept, (byte) 'x');
        Files.write(segment, lost, StandardOpenOption.APPEND);
        Files.write(segment, kept, StandardOpenOption.APPEND);
    }

    /** Not harm, but what a process leaves that is killed in the midst of a write. */
    static void appendHalfAnEntry(Path data) throws IOException {
        byte[] torn = new byte[8192];
        torn[0] = 100;
        Arrays.fill(torn, 1, 50, (byte) 'x');
        Files.write(largest(data, OPEN_SEGMENT), torn, StandardOpenOption.APPEND);
    }

    private static Path largest(Path data, String name) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            List<Path> found = all.filter(
                            path -> String.valueOf(path.getFileName()).matches(name))
                    .sorted(Comparator.comparingLong(Harm::size))
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalStateException("no " + name + " in " + data);
            }
            return found.get(found.size() - 1);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            int before = open.read();
            open.seek(at);
            open.write(before ^ 0x10);
        }
    }

    private static void halve(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(open.length() / 2);
        }
    }
}
