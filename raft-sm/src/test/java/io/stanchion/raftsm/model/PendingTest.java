package io.stanchion.raftsm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.proto.record.SubscriptionRecord;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class PendingTest {
    private final Pending pending = new Pending();

    private static Pending.Range range(long first, long last, long deadline) {
        return new Pending.Range(first, last, deadline, 0, 1);
    }

    @Test
    void shouldJoinNeighboursOfEqualFate() {
        pending.add(range(1, 2, 50));
        pending.add(range(5, 6, 50));
        pending.add(range(3, 4, 50));
        pending.add(range(7, 7, 60));

        assertThat(pending.ranges()).containsExactly(range(1, 6, 50), range(7, 7, 60));
        assertThat(pending.size()).isEqualTo(7);
    }

    @Test
    void shouldCutOutOfTheMiddleAndAcrossRanges() {
        pending.add(range(1, 9, 50));
        pending.add(range(12, 15, 60));

        assertThat(pending.remove(4, 5)).isEqualTo(2);
        assertThat(pending.remove(4, 5)).isZero();
        assertThat(pending.remove(8, 13)).isEqualTo(4);
        assertThat(pending.remove(16, 99)).isZero();
        assertThat(pending.ranges()).containsExactly(range(1, 3, 50), range(6, 7, 50), range(14, 15, 60));
        assertThat(pending.size()).isEqualTo(7);
    }

    @Test
    void shouldNameTheLongestOverdueFirst() {
        pending.add(range(1, 1, 70));
        pending.add(range(3, 3, 50));
        pending.add(range(5, 5, 50));
        pending.add(range(7, 7, 90));

        assertThat(pending.due(70)).containsExactly(range(3, 3, 50), range(5, 5, 50), range(1, 1, 70));
        assertThat(pending.earliestDeadline()).isEqualTo(50);
        assertThat(new Pending().earliestDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldForgetWhatWasTrimmed() {
        pending.add(range(3, 6, 50));

        assertThat(pending.dropBelow(3)).isFalse();
        assertThat(pending.dropBelow(5)).isTrue();
        assertThat(pending.ranges()).containsExactly(range(5, 6, 50));
    }

    @Test
    void shouldNotTakeAMessageTwice() {
        pending.add(range(3, 6, 50));

        assertThatThrownBy(() -> pending.add(range(6, 7, 50))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pending.add(range(1, 9, 50))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pending.add(range(4, 4, 50))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldComeBackFromItsNumbers() {
        pending.add(new Pending.Range(3, 6, 1L << 60, 0, 1));
        pending.add(new Pending.Range(7, 7, 50, 4, 0));
        pending.add(new Pending.Range(90, 99, 60, Integer.MAX_VALUE, 1L << 40));

        Pending restored = new Pending();
        SubscriptionRecord.Builder stored = SubscriptionRecord.newBuilder();
        pending.store(stored);
        restored.restore(stored.getPendingList());
        assertThat(restored.ranges()).isEqualTo(pending.ranges());
        assertThat(restored.size()).isEqualTo(pending.size());
    }

    @Test
    void shouldHoldWhatASetWouldHold() {
        for (long seed = 1; seed <= 200; seed++) {
            compareWithASet(seed);
        }
    }

    private static void compareWithASet(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Pending ranges = new Pending();
        TreeSet<Long> set = new TreeSet<>();
        for (int step = 0; step < 100; step++) {
            long first = random.nextLong(1, 60);
            long last = first + random.nextLong(8);
            if (random.nextBoolean()) {
                if (set.subSet(first, last + 1).isEmpty()) {
                    ranges.add(range(first, last, random.nextLong(3)));
                    for (long i = first; i <= last; i++) {
                        set.add(i);
                    }
                }
            } else {
                long removed = ranges.remove(first, last);
                assertThat(removed)
                        .as("seed %d", seed)
                        .isEqualTo(set.subSet(first, last + 1).size());
                set.subSet(first, last + 1).clear();
            }
            TreeSet<Long> held = new TreeSet<>();
            ranges.ranges().forEach(r -> {
                for (long i = r.first(); i <= r.last(); i++) {
                    held.add(i);
                }
            });
            assertThat(held).as("seed %d", seed).isEqualTo(set);
            assertThat(ranges.size()).as("seed %d", seed).isEqualTo(set.size());
        }
    }
}
