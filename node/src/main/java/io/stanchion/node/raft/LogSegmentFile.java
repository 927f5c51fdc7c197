package io.stanchion.node.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of Ratis' log, as far as a look at its integrity needs it: eight bytes of header, then for each entry its length (a varint), its
 * bytes, and a CRC32C of both. An open segment ends in zeros, which Ratis writes ahead.
 *
 * @param end the last index by the name of the file; -1 for the segment that is still being written
 */
record LogSegmentFile(Path path, long start, long end) {
    private static final Pattern NAME = Pattern.compile("log_(?:inprogress_(\\d+)|(\\d+)-(\\d+))");
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
    private static final long OPEN = -1;
    private static final long NOT_TORN = -1;
    private static final Logger log = LoggerFactory.getLogger(LogSegmentFile.class);

    /** Ratis' buffer. */
    private static final int ENTRY_BYTES_MAX = 8 << 20;

    /** Fields of an entry, by their tags. */
    private static final int TERM_TAG = 1 << 3;

    private static final int INDEX_TAG = 2 << 3;

    /**
     * What a segment holds.
     *
     * @param last index of the last entry; one less than the first of the segment if it has none
     * @param lastTerm 0 if it has none
     * @param tornAt where the beginning of one more entry lies that was not written as a whole; -1 if there is none
     */
    record Content(long last, long lastTerm, long tornAt) {}

    /** Empty if it is not the name of a segment. */
    static Optional<LogSegmentFile> of(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (!name.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                name.group(1) != null
                        ? new LogSegmentFile(path, Long.parseLong(name.group(1)), OPEN)
                        : new LogSegmentFile(path, Long.parseLong(name.group(2)), Long.parseLong(name.group(3))));
    }

    long bytes() throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }

    boolean isOpen() {
        return end == OPEN;
    }

    /**
     * Reads all of it.
     *
     * @throws DamagedDataException if an entry is missing or is not what was written. A last entry of an open segment that is not there as a
     *     whole is not counted: the process ended while it was written, before anybody was told of it
     */
    Content read() throws IOException {
        Reading reading = readToTheFirstProblem();
        if (!reading.problem.isEmpty() && !reading.isTorn) {
            throw new DamagedDataException(path + " " + reading.problem);
        }
        if (!isOpen() && reading.content.last != end) {
            throw new DamagedDataException(path + " ends at entry " + reading.content.last + " and not at " + end);
        }
        return reading.content;
    }

    /**
     * As far as it was read.
     *
     * @param problem why it ends there, if that is not its end
     * @param isTorn whether that is how a process leaves it that ended while it wrote
     */
    private record Reading(Content content, String problem, boolean isTorn) {}

    private Reading readToTheFirstProblem() throws IOException {
        byte[] bytes = LogCheck.readAll(path);
        if (isOpen() && isZero(bytes, 0, Math.min(bytes.length, HEADER.length))) {
            return new Reading(new Content(start - 1, 0, NOT_TORN), "", false); // created, and no more
        }
        if (bytes.length < HEADER.length || !Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length)) {
            throw new DamagedDataException(path + " does not begin as a segment of the log does");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).position(HEADER.length);
        long last = start - 1;
        long term = 0;
        CRC32C crc = new CRC32C();
        while (in.hasRemaining() && in.get(in.position()) != 0) {
            int begin = in.position();
            Content whole = new Content(last, term, begin);
            int length = length(in);
            if (length < 0 || length > in.remaining() - Integer.BYTES) {
                boolean isTorn = isOpen() && length >= 0 && length <= ENTRY_BYTES_MAX;
                return new Reading(whole, "has a broken entry after " + last, isTorn);
            }
            int body = in.position();
            crc.reset();
            crc.update(bytes, begin, body + length - begin);
            in.position(body + length);
            if (in.getInt() != (int) crc.getValue()) {
                boolean isTorn = isOpen() && isZero(bytes, body + length, bytes.length); // no checksum, nothing behind
                return new Reading(whole, "has an entry after " + last + " that does not match its checksum", isTorn);
            }
            Content entry = termAndIndex(CodedInputStream.newInstance(bytes, body, length));
            if (entry.last != last + 1 || entry.lastTerm < term) {
                String problem = "has entry " + entry.last + " of term " + entry.lastTerm + " after entry " + last
                        + " of term " + term;
                return new Reading(whole, problem, false);
            }
            last = entry.last;
            term = entry.lastTerm;
        }
        return isZero(bytes, in.position(), in.limit())
                ? new Reading(new Content(last, term, NOT_TORN), "", false)
                : new Reading(new Content(last, term, in.position()), "has a hole after entry " + last, false);
    }

    /** Ratis would not read a log with the beginning of an entry at its end. */
    void cutOff(Content content) throws IOException {
        if (content.tornAt != NOT_TORN) {
            log.info("cut off an entry after {} that was not written as a whole: {}", content.last, path);
            cut(content.tornAt);
        }
    }

    /** Leaves the entries before the first problem, whatever that is. */
    void cutAtDamage() throws IOException {
        Reading reading = readToTheFirstProblem();
        if (!reading.problem.isEmpty() && !reading.isTorn) {
            log.warn("cut off what comes after entry {}: {} {}", reading.content.last, path, reading.problem);
            cut(reading.content.tornAt);
        }
    }

    private void cut(long bytes) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(bytes);
            file.force(true);
        }
    }

    /** Negative if it is none. */
    private static int length(ByteBuffer in) {
        int length = 0;
        for (int shift = 0; shift < 32 && in.hasRemaining(); shift += 7) {
            byte b = in.get();
            length |= (b & 0x7f) << shift;
            if (b >= 0) {
                return length;
            }
        }
        return in.hasRemaining() ? -1 : ENTRY_BYTES_MAX; // the file ends in the midst of it
    }

    /** Term and index: they come first, and one that is 0 is left out. */
    private static Content termAndIndex(CodedInputStream entry) throws IOException {
        long term = 0;
        long index = 0;
        for (int tag = entry.readTag(); tag == TERM_TAG || tag == INDEX_TAG; tag = entry.readTag()) {
            if (tag == TERM_TAG) {
                term = entry.readUInt64();
            } else {
                index = entry.readUInt64();
            }
        }
        return new Content(index, term, NOT_TORN);
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
