package io.stanchion.raftsm.model;

import io.stanchion.proto.record.SubscriptionRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Messages given to one subscriber and not yet acknowledged, as ranges of equal fate.
 *
 * <p>The size may exceed the subscriber's window: after a durable resumes with a smaller one, and when a queue member inherits from one
 * that left. Nothing new is granted then until it is below again.
 */
public final class Pending {
    private static final Comparator<Range> BY_DEADLINE =
            Comparator.comparingLong(Range::deadlineNanos).thenComparingLong(Range::first);

    /** By first sequence. Disjoint; neighbours that could be one range are one. */
    private final TreeMap<Long, Range> ranges = new TreeMap<>();

    private long size;

    /**
     * @param redeliveries how often these messages were given again
     * @param term in which they were given last; 0 if their present holder was never sent them
     */
    public record Range(long first, long last, long deadlineNanos, int redeliveries, long term) {
        long size() {
            return last - first + 1;
        }

        Range part(long newFirst, long newLast) {
            return new Range(newFirst, newLast, deadlineNanos, redeliveries, term);
        }

        boolean continuedBy(Range next) {
            return last + 1 == next.first
                    && deadlineNanos == next.deadlineNanos
                    && redeliveries == next.redeliveries
                    && term == next.term;
        }
    }

    public long size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** In sequence order. */
    public List<Range> ranges() {
        return List.copyOf(ranges.values());
    }

    void add(Range added) {
        Range whole = added;
        Map.Entry<Long, Range> before = ranges.lowerEntry(added.first);
        Map.Entry<Long, Range> after = ranges.ceilingEntry(added.first);
        if ((before != null && before.getValue().last >= added.first)
                || (after != null && after.getKey() <= added.last)) {
            throw new IllegalStateException("granted twice: " + added + " among " + ranges.values());
        }
        if (before != null && before.getValue().continuedBy(whole)) {
            whole = whole.part(before.getKey(), whole.last);
        }
        if (after != null && whole.continuedBy(after.getValue())) {
            ranges.remove(after.getKey());
            whole = whole.part(whole.first, after.getValue().last);
        }
        ranges.put(whole.first, whole);
        size += added.size();
    }

    /** Takes out what is here of {@code first..last}; returns how many that were. */
    long remove(long first, long last) {
        long sizeBefore = size;
        Map.Entry<Long, Range> entry = ranges.floorEntry(first);
        if (entry == null || entry.getValue().last < first) {
            entry = ranges.higherEntry(first);
        }
        while (entry != null && entry.getKey() <= last) {
            cut(entry.getValue(), first, last);
            entry = ranges.higherEntry(entry.getKey());
        }
        return sizeBefore - size;
    }

    private void cut(Range range, long first, long last) {
        long cutFirst = Math.max(first, range.first);
        long cutLast = Math.min(last, range.last);
        if (cutFirst == range.first) {
            ranges.remove(range.first);
        } else {
            ranges.put(range.first, range.part(range.first, cutFirst - 1));
        }
        if (cutLast < range.last) {
            ranges.put(cutLast + 1, range.part(cutLast + 1, range.last));
        }
        size -= cutLast - cutFirst + 1;
    }

    void removeAll(SequenceRanges done) {
        for (int i = 0; i < done.ranges() && size > 0; i++) {
            remove(done.first(i), done.last(i));
        }
    }

    /** Messages that the store does not have any more count as acknowledged. Returns whether there were any. */
    boolean dropBelow(long firstStored) {
        return size > 0 && ranges.firstKey() < firstStored && remove(0, firstStored - 1) > 0;
    }

    /** What must be given again by {@code timeNanos}, the longest overdue first. */
    List<Range> due(long timeNanos) {
        List<Range> due = new ArrayList<>();
        for (Range range : ranges.values()) {
            if (range.deadlineNanos <= timeNanos) {
                due.add(range);
            }
        }
        due.sort(BY_DEADLINE);
        return due;
    }

    /** What was not given in {@code term}, in sequence order. */
    List<Range> grantedBefore(long term) {
        List<Range> older = new ArrayList<>();
        for (Range range : ranges.values()) {
            if (range.term != term) {
                older.add(range);
            }
        }
        return older;
    }

    /** The holder was sent these once, but it is as if it had never been. */
    void disown(Range sent) {
        remove(sent.first, sent.last);
        add(new Range(sent.first, sent.last, sent.deadlineNanos, sent.redeliveries, 0));
    }

    List<Range> takeAll() {
        List<Range> all = ranges();
        ranges.clear();
        size = 0;
        return all;
    }

    /** {@code Long.MAX_VALUE} if nothing is pending. */
    long earliestDeadline() {
        long earliest = Long.MAX_VALUE;
        for (Range range : ranges.values()) {
            earliest = Math.min(earliest, range.deadlineNanos);
        }
        return earliest;
    }

    /** Five numbers per range, as {@link #restore} reads them. */
    void store(SubscriptionRecord.Builder target) {
        long last = 0;
        long deadline = 0;
        for (Range range : ranges.values()) {
            target.addPending(range.first - last)
                    .addPending(range.last - range.first)
                    .addPending(range.deadlineNanos - deadline)
                    .addPending(range.redeliveries)
                    .addPending(range.term);
            last = range.last;
            deadline = range.deadlineNanos;
        }
    }

    void restore(List<Long> numbers) {
        long last = 0;
        long deadline = 0;
        for (int i = 0; i < numbers.size(); i += 5) {
            long first = last + numbers.get(i);
            last = first + numbers.get(i + 1);
            deadline += numbers.get(i + 2);
            add(new Range(first, last, deadline, numbers.get(i + 3).intValue(), numbers.get(i + 4)));
        }
    }
}
