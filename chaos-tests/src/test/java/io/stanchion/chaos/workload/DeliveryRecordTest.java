package io.stanchion.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class DeliveryRecordTest {
    private final DeliveryRecord record = new DeliveryRecord();

    @Test
    void shouldFindNothingWrongWithMessagesInOrder() {
        record.record(0, 1, false);
        record.record(1, 2, false);
        record.record(2, 5, false);

        DeliveryRecord.Tally tally = record.tally();
        assertThat(tally.orderHeld()).isTrue();
        assertThat(tally.distinct()).isEqualTo(3);
        assertThat(tally.duplicates()).isZero();
    }

    @Test
    void shouldTellFlaggedDuplicatesFromOthers() {
        record.record(0, 1, false);
        record.record(1, 2, false);
        record.record(1, 2, true);
        assertThat(record.tally().orderHeld()).isTrue();
        record.record(1, 2, false);

        DeliveryRecord.Tally tally = record.tally();
        assertThat(tally.duplicates()).isEqualTo(2);
        assertThat(tally.flaggedDuplicates()).isEqualTo(1);
        assertThat(tally.orderHeld())
                .as("a second unflagged delivery breaks the order")
                .isFalse();
    }

    @Test
    void shouldAllowARedeliveryBetweenOthers() {
        record.record(0, 1, false);
        record.record(2, 3, false);
        record.record(1, 2, true);

        assertThat(record.tally().orderHeld()).isTrue();
        assertThat(record.tally().flagged()).isEqualTo(1);
    }

    @Test
    void shouldNoticeFreshMessagesOutOfOrder() {
        record.record(1, 2, false);
        record.record(0, 1, false);

        assertThat(record.tally().violations()).containsExactly("sequence 1 came after 2 without the redelivered flag");
    }

    @Test
    void shouldNoticeMessagesThatWereStoredInAnotherOrderThanPublished() {
        record.record(1, 1, false);
        record.record(0, 2, false);

        assertThat(record.tally().orderHeld()).isFalse();
    }

    @Test
    void shouldNoticeAMessageThatWasStoredTwice() {
        record.record(0, 1, false);
        record.record(0, 2, false);

        assertThat(record.tally().violations()).containsExactly("message 0 is stored twice, as 1 and 2");
    }

    @Test
    void shouldNameWhatIsMissing() {
        BitSet expected = new BitSet();
        expected.set(0, 3);
        record.record(1, 2, false);

        assertThat(record.missing(expected).stream()).containsExactly(0, 2);
    }
}
