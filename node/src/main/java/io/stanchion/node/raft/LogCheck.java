package io.stanchion.node.raft;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.ratis.util.ProtoUtils;

/**
 * Looks at Ratis' files before Ratis does: it starts with a vote that it can't read, and with a log that is shorter than it was, as if
 * nothing had ever been promised.
 */
final class LogCheck {
    private static final String METADATA = "raft-meta";
    private static final String CONFIGURATION = "raft-meta.conf";
    private static final long NONE = -1;

    /** libc's words for EIO, which a read of an open file passes on as they are; English, as the launcher sees to it. */
    private static final String BAD_SECTOR = "Input/output error";

    private LogCheck() {}

    /**
     * What was found.
     *
     * @param first index of the first entry; 0 if there is none
     * @param last index of the last entry; -1 if there is none
     * @param term the highest in which this node has voted or followed; 0 if none
     */
    record Found(long first, long last, long term) {
        static final Found NOTHING = new Found(0, NONE, 0);

        /** No entry and no vote: as it was before the first start, or the disk has lost all of it. */
        boolean isNothing() {
            return equals(NOTHING);
        }
    }

    /**
     * Reads all of it.
     *
     * @param raft Ratis' directory
     * @throws DamagedDataException if anything is missing or not what was written
     */
    static Found read(Path raft) throws IOException {
        Optional<Path> current = current(raft);
        if (current.isEmpty()) {
            return Found.NOTHING;
        }
        Path folder = current.get();
        List<LogSegmentFile> segments = segments(folder);
        long term = term(folder, segments.isEmpty());
        readConfiguration(folder); // only to see that it can be read
        long next = segments.isEmpty() ? 0 : segments.get(0).start();
        long first = next;
        long lastTerm = 0;
        for (LogSegmentFile segment : segments) {
            if (segment.start() != next) {
                throw new DamagedDataException(
                        "the Raft log in " + folder + " lacks the entries " + next + " to " + (segment.start() - 1));
            }
            LogSegmentFile.Content content = segment.read();
            segment.cutOff(content);
            next = content.last() + 1;
            lastTerm = Math.max(lastTerm, content.lastTerm());
        }
        if (lastTerm > term) {
            throw new DamagedDataException(folder.resolve(METADATA) + " is older than the log beside it: its term is "
                    + term + ", the log's " + lastTerm);
        }
        return new Found(first, next - 1, term);
    }

    /**
     * Cuts off what can't be read of the segment that was written last. A power cut may leave later pages of one write and not earlier ones;
     * whether that write was acknowledged nobody can see.
     */
    static void cutDamagedEnd(Path raft) throws IOException {
        Optional<Path> current = current(raft);
        if (current.isPresent()) {
            for (LogSegmentFile segment : segments(current.get())) {
                if (segment.isOpen()) {
                    segment.cutAtDamage();
                }
            }
        }
    }

    /** Of the one group. */
    private static Optional<Path> current(Path raft) throws IOException {
        if (!Files.isDirectory(raft)) {
            return Optional.empty();
        }
        try (Stream<Path> groups = Files.list(raft)) {
            return groups.map(group -> group.resolve("current"))
                    .filter(Files::isDirectory)
                    .findFirst();
        }
    }

    /** Of Ratis' directory: those that are not written any more. */
    static List<LogSegmentFile> closedSegments(Path raft) throws IOException {
        Optional<Path> current = current(raft);
        return current.isEmpty()
                ? List.of()
                : segments(current.get()).stream()
                        .filter(segment -> !segment.isOpen())
                        .toList();
    }

    /** Leaves the vote and the members. */
    static void deleteSegments(Path raft) throws IOException {
        Optional<Path> current = current(raft);
        if (current.isPresent()) {
            for (LogSegmentFile segment : segments(current.get())) {
                Files.delete(segment.path());
            }
        }
    }

    private static List<LogSegmentFile> segments(Path current) throws IOException {
        try (Stream<Path> files = Files.list(current)) {
            return files.map(LogSegmentFile::of)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparingLong(LogSegmentFile::start))
                    .toList();
        }
    }

    private static long term(Path folder, boolean isNew) throws IOException {
        Path file = folder.resolve(METADATA);
        if (!Files.exists(file)) {
            if (isNew) {
                return 0;
            }
            throw new DamagedDataException(file + " is missing");
        }
        Properties stored = new Properties();
        try {
            stored.load(new StringReader(textOf(readAll(file))));
            if (!stored.containsKey("votedFor")) {
                throw new DamagedDataException(file + " does not say whom this node has voted for");
            }
            return Long.parseLong(stored.getProperty("term", ""));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new DamagedDataException(file + " does not hold a term and a vote", e);
        }
    }

    private static String textOf(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /**
     * The bytes of one of Ratis' files.
     *
     * @throws DamagedDataException if the disk does not give them, twice: one failure may be that of a cable, or of a path to a disk far away
     */
    static byte[] readAll(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            if (!isBadSector(e)) {
                throw e;
            }
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            if (isBadSector(e)) {
                throw new DamagedDataException(file + " can't be read from the disk: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    private static boolean isBadSector(IOException failure) {
        return BAD_SECTOR.equals(failure.getMessage());
    }

    /**
     * The nodes that are the group, as of the last change that was applied here; none if there was none.
     *
     * @param raft Ratis' directory
     */
    static List<GroupMember> members(Path raft) throws IOException {
        Optional<Path> current = current(raft);
        return current.isEmpty()
                ? List.of()
                : readConfiguration(current.get()).getPeersList().stream()
                        .map(ProtoUtils::toRaftPeer)
                        .map(GroupMember::of)
                        .toList();
    }

    private static RaftConfigurationProto readConfiguration(Path folder) throws IOException {
        Path file = folder.resolve(CONFIGURATION);
        if (!Files.exists(file)) {
            return RaftConfigurationProto.getDefaultInstance();
        }
        try {
            LogEntryProto entry = LogEntryProto.parseFrom(readAll(file));
            if (!entry.hasConfigurationEntry()) {
                throw new DamagedDataException(file + " does not hold the members of the group");
            }
            return entry.getConfigurationEntry();
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedDataException(file + " does not hold the members of the group", e);
        }
    }

    /**
     * Whether this log can have made that database.
     *
     * @param position of the database
     * @param isInstalled whether the database is as another node has sent it, so that it may be ahead of the log
     * @throws DamagedDataException if entries are missing between the two, or the log is not as long as it was
     */
    static void compare(Found log, long position, boolean isInstalled) throws DamagedDataException {
        if (log.last < position && !isInstalled) {
            throw new DamagedDataException("the Raft log ends at entry " + log.last + ", but entry " + position
                    + " was applied: the log has lost its end");
        }
        if (log.last >= log.first && log.first > position + 1) {
            throw new DamagedDataException("the database ends at entry " + position + ", but the Raft log begins at "
                    + log.first + ": the database is older than the log");
        }
    }
}
