package io.stanchion.chaos.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one subscriber saw: which messages, how often, and in which order. Order is held when messages that are not flagged as
 * redelivered come in strictly rising sequence, and when sequence and message number rise together. Redelivered ones may come between
 * others; that is the protocol's nature.
 */
public final class DeliveryRecord {
    private static final int VIOLATIONS_KEPT = 5;

    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet seen = new BitSet();
    private final List<String> violations = new ArrayList<>();
    private long[] sequenceOf = new long[1024];
    private long lastFresh;
    private int duplicates;
    private int flaggedDuplicates;
    private int flagged;
    private long violationCount;

    /** Takes down one delivery. */
    public void record(int number, long sequence, boolean redelivered) {
        lock.lock();
        try {
            if (redelivered) {
                flagged++;
            } else {
                judgeFresh(sequence);
            }
            if (number < 0) {
                violate("sequence " + sequence + " carries a payload that nobody published");
            } else if (seen.get(number)) {
                judgeDuplicate(number, sequence, redelivered);
            } else {
                seen.set(number);
                remember(number, sequence);
                judgePlace(number, sequence);
            }
        } finally {
            lock.unlock();
        }
    }

    private void judgeFresh(long sequence) {
        if (sequence <= lastFresh) {
            violate("sequence " + sequence + " came after " + lastFresh + " without the redelivered flag");
        }
        lastFresh = Math.max(lastFresh, sequence);
    }

    private void judgeDuplicate(int number, long sequence, boolean redelivered) {
        duplicates++;
        if (redelivered) {
            flaggedDuplicates++;
        }
        if (sequenceOf[number] != sequence) {
            violate("message " + number + " is stored twice, as " + sequenceOf[number] + " and " + sequence);
        }
    }

    /** The neighbours that were seen already must have smaller and greater sequences. */
    private void judgePlace(int number, long sequence) {
        int before = number == 0 ? -1 : seen.previousSetBit(number - 1);
        int after = seen.nextSetBit(number + 1);
        if ((before >= 0 && sequenceOf[before] >= sequence) || (after >= 0 && sequenceOf[after] <= sequence)) {
            violate("message " + number + " was stored out of order, as sequence " + sequence);
        }
    }

    private void remember(int number, long sequence) {
        if (number >= sequenceOf.length) {
            sequenceOf = Arrays.copyOf(sequenceOf, Math.max(number + 1, sequenceOf.length * 2));
        }
        sequenceOf[number] = sequence;
    }

    private void violate(String what) {
        violationCount++;
        if (violations.size() < VIOLATIONS_KEPT) {
            violations.add(what);
        }
    }

    /** Distinct messages seen. */
    public int distinct() {
        lock.lock();
        try {
            return seen.cardinality();
        } finally {
            lock.unlock();
        }
    }

    /** Of these messages, the ones that never came. */
    public BitSet missing(BitSet expected) {
        lock.lock();
        try {
            BitSet missing = (BitSet) expected.clone();
            missing.andNot(seen);
            return missing;
        } finally {
            lock.unlock();
        }
    }

    /** The verdict on everything seen so far. */
    public Tally tally() {
        lock.lock();
        try {
            return new Tally(
                    seen.cardinality(),
                    duplicates,
                    flaggedDuplicates,
                    flagged,
                    violationCount,
                    List.copyOf(violations));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts of one subscriber.
     *
     * @param flagged deliveries that carried the redelivered flag, whether or not the message had been seen before
     * @param violations the first few breaches of order in words; {@code violationCount} counts them all
     */
    public record Tally(
            int distinct,
            int duplicates,
            int flaggedDuplicates,
            int flagged,
            long violationCount,
            List<String> violations) {
        public boolean orderHeld() {
            return violationCount == 0;
        }
    }
}
