package io.stanchion.raftsm.model;

import java.util.Arrays;
import java.util.List;

/** Sequences as sorted, disjoint ranges. Immutable. */
public final class SequenceRanges {
    private static final SequenceRanges EMPTY = new SequenceRanges(new long[0]);

    /** First and last of each range, alternating. */
    private final long[] bounds;

    private SequenceRanges(long[] bounds) {
        this.bounds = bounds;
    }

    public static SequenceRanges of(long first, long last) {
        return new SequenceRanges(new long[] {first, last});
    }

    /** From pairs of first and last - first, as the log has them. They must have passed {@link #checkPairs}. */
    public static SequenceRanges fromPairs(List<Long> pairs) {
        if (pairs.isEmpty()) {
            return EMPTY;
        }
        long[] bounds = new long[pairs.size()];
        for (int i = 0; i < bounds.length; i += 2) {
            bounds[i] = pairs.get(i);
            bounds[i + 1] = bounds[i] + pairs.get(i + 1);
        }
        return new SequenceRanges(bounds);
    }

    /** What is wrong with pairs of first and last - first, in a few words; empty if nothing is. */
    public static String checkPairs(List<Long> pairs) {
        if (pairs.size() % 2 != 0) {
            return "half a range";
        }
        long previousLast = -1;
        for (int i = 0; i < pairs.size(); i += 2) {
            long first = pairs.get(i);
            long last = first + pairs.get(i + 1);
            if (first <= previousLast) {
                return "ranges overlap, are not sorted, or exceed 63 bits";
            }
            if (last < first) {
                return "a range ends before it begins";
            }
            previousLast = last;
        }
        return "";
    }

    public List<Long> toPairs() {
        Long[] pairs = new Long[bounds.length];
        for (int i = 0; i < bounds.length; i += 2) {
            pairs[i] = bounds[i];
            pairs[i + 1] = bounds[i + 1] - bounds[i];
        }
        return List.of(pairs);
    }

    /** How many ranges, not how many sequences. */
    public int ranges() {
        return bounds.length / 2;
    }

    public long first(int range) {
        return bounds[2 * range];
    }

    public long last(int range) {
        return bounds[2 * range + 1];
    }

    /** How many sequences. */
    public long size() {
        long size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i] + 1;
        }
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceRanges that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bounds.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(bounds[i]);
            if (bounds[i + 1] > bounds[i]) {
                text.append("..").append(bounds[i + 1]);
            }
        }
        return text.toString();
    }
}
