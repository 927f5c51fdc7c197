package io.stanchion.raftsm.ratis;

import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Counts what is applied: when the next snapshot is due, and how much of the log it releases. Owned by the apply thread. */
final class LogRetention {
    /** The log is cut at one of these many places. */
    private static final int MARKS = 256;

    private final LogBudget budget;
    private final LongSupplier nanoTime;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();

    private long bytes;
    private long entries;
    private long released;
    private Moment asked;

    /** After this entry so much had been applied since the start. */
    private record Mark(long index, long bytes, long entries) {}

    private record Moment(long bytes, long entries, long nanos) {}

    /** @param start the log may be cut up to here already */
    LogRetention(LogBudget budget, LongSupplier nanoTime, long start) {
        this.budget = budget;
        this.nanoTime = nanoTime;
        released = start;
        asked = new Moment(0, 0, nanoTime.getAsLong());
        marks.add(new Mark(start, 0, 0));
    }

    void applied(long index, int entryBytes) {
        bytes += entryBytes;
        entries++;
        Mark newest = marks.getLast();
        if (bytes - newest.bytes >= budget.bytesMax() / MARKS
                || entries - newest.entries >= budget.entriesMax() / MARKS) {
            marks.add(new Mark(index, bytes, entries));
        }
    }

    /** Whether to ask for a snapshot now. Should nothing come of it, the next time is after as much again. */
    boolean tryAsk() {
        if (isMuchSince(asked)) {
            asked = now();
            return true;
        }
        return false;
    }

    private boolean isMuchSince(Moment moment) {
        return bytes - moment.bytes >= budget.bytesBetweenSnapshots()
                || entries - moment.entries >= budget.entriesBetweenSnapshots()
                || (entries > moment.entries && nanoTime.getAsLong() - moment.nanos >= budget.intervalNanos());
    }

    /** Everything applied so far is on disk. */
    void snapshotTaken() {
        asked = now();
    }

    private Moment now() {
        return new Moment(bytes, entries, nanoTime.getAsLong());
    }

    /**
     * The log may be cut up to here, once everything applied so far is on disk. Never goes back.
     *
     * @param checkpoint where the oldest checkpoint ends that a node is copying: it will want the log from there
     */
    long release(OptionalLong checkpoint) {
        long wanted = released;
        while (!marks.isEmpty() && isBeyondKept(marks.getFirst())) {
            Mark mark = marks.getFirst();
            boolean isHeld = checkpoint.isPresent()
                    && mark.index > checkpoint.getAsLong()
                    && bytes - mark.bytes < budget.bytesKeptForCheckpoints();
            if (isHeld) {
                break;
            }
            wanted = Math.max(wanted, mark.index);
            marks.removeFirst();
        }
        if (marks.isEmpty()) {
            marks.add(new Mark(wanted, bytes, entries));
        }
        released = wanted;
        return released;
    }

    private boolean isBeyondKept(Mark mark) {
        return bytes - mark.bytes >= budget.bytesKept() || entries - mark.entries >= budget.entriesMax();
    }
}
