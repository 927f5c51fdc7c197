package io.stanchion.raftsm.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogRetentionTest {
    private static final long INTERVAL_NANOS = 1000;

    private final AtomicLong nanos = new AtomicLong();
    private long index = 100;

    private LogRetention retention(long bytesMax, int entriesMax) {
        return new LogRetention(new LogBudget(bytesMax, entriesMax, INTERVAL_NANOS), nanos::get, index);
    }

    /** Applies entries of this size, and returns how many it took until a snapshot was asked for. */
    private int applyUntilAsked(LogRetention retention, int entryBytes) {
        int count = 0;
        do {
            retention.applied(++index, entryBytes);
            count++;
        } while (!retention.tryAsk());
        return count;
    }

    @Test
    void shouldAskAfterAQuarterOfTheBytesAndAgainIfNothingComesOfIt() {
        LogRetention retention = retention(4_000_000, 1_000_000);
        assertThat(applyUntilAsked(retention, 1000)).isEqualTo(1000);
        assertThat(applyUntilAsked(retention, 1000)).isEqualTo(1000);
        retention.applied(++index, 500_000);
        retention.snapshotTaken();
        assertThat(applyUntilAsked(retention, 1000)).isEqualTo(1000);
    }

    @Test
    void shouldAskAfterManySmallEntriesAndAfterALongTime() {
        LogRetention retention = retention(4_000_000, 1000);
        assertThat(applyUntilAsked(retention, 10)).isEqualTo(500);

        retention.snapshotTaken();
        nanos.addAndGet(INTERVAL_NANOS);
        assertThat(retention.tryAsk()).as("nothing was applied").isFalse();
        assertThat(applyUntilAsked(retention, 10)).isEqualTo(1);
    }

    @Test
    void shouldKeepAQuarterOfTheBytesBehindASnapshot() {
        LogRetention retention = retention(4_000_000, 1_000_000);
        for (int i = 0; i < 5000; i++) {
            retention.applied(++index, 1000);
        }
        assertThat(retention.release(OptionalLong.empty())).isBetween(index - 1020, index - 1000);
    }

    @Test
    void shouldKeepNoMoreEntriesThanAllowedHoweverSmall() {
        LogRetention retention = retention(4_000_000, 1000);
        for (int i = 0; i < 5000; i++) {
            retention.applied(++index, 1);
        }
        assertThat(retention.release(OptionalLong.empty())).isBetween(index - 1005, index - 1000);
    }

    @Test
    void shouldKeepTheLogBehindAnOpenCheckpointButNotForEver() {
        LogRetention retention = retention(4_000_000, 1_000_000);
        for (int i = 0; i < 1500; i++) {
            retention.applied(++index, 1000);
        }
        OptionalLong checkpoint = OptionalLong.of(index - 1200);
        assertThat(retention.release(checkpoint)).isBetween(index - 1220, index - 1200);

        for (int i = 0; i < 3000; i++) {
            retention.applied(++index, 1000);
        }
        assertThat(retention.release(checkpoint)).as("half of the bytes").isBetween(index - 2020, index - 2000);
    }

    @Test
    void shouldNeverGoBackNorBeyondWhatWasApplied() {
        LogRetention retention = retention(4000, 0);
        assertThat(retention.release(OptionalLong.empty())).isEqualTo(100);
        long released = 100;
        for (int i = 0; i < 100; i++) {
            retention.applied(++index, 100);
            long next = retention.release(i % 3 == 0 ? OptionalLong.of(index - 50) : OptionalLong.empty());
            assertThat(next).isBetween(released, index);
            released = next;
        }
    }
}
