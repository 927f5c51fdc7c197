package io.stanchion.raftsm.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SequenceRangesTest {
    @Test
    void shouldReadPairsOfFirstAndLength() {
        SequenceRanges ranges = SequenceRanges.fromPairs(List.of(5L, 4L, 12L, 0L));

        assertThat(ranges).hasToString("5..9,12");
        assertThat(ranges.size()).isEqualTo(6);
        assertThat(ranges.ranges()).isEqualTo(2);
        assertThat(ranges.first(0)).isEqualTo(5);
        assertThat(ranges.last(0)).isEqualTo(9);
        assertThat(ranges.toPairs()).containsExactly(5L, 4L, 12L, 0L);
    }

    @Test
    void shouldBeEqualWhenTheSequencesAre() {
        assertThat(SequenceRanges.of(5, 9))
                .isEqualTo(SequenceRanges.fromPairs(List.of(5L, 4L)))
                .hasSameHashCodeAs(SequenceRanges.fromPairs(List.of(5L, 4L)))
                .isNotEqualTo(SequenceRanges.of(5, 8));
        assertThat(SequenceRanges.fromPairs(List.of()).size()).isZero();
    }

    @Test
    void shouldSayWhatIsWrongWithPairs() {
        assertThat(SequenceRanges.checkPairs(List.of())).isEmpty();
        assertThat(SequenceRanges.checkPairs(List.of(0L, 0L, 1L, 3L))).isEmpty();
        assertThat(SequenceRanges.checkPairs(List.of(1L))).isNotEmpty();
        assertThat(SequenceRanges.checkPairs(List.of(5L, 3L, 8L, 0L))).isNotEmpty();
        assertThat(SequenceRanges.checkPairs(List.of(5L, -1L))).isNotEmpty();
        assertThat(SequenceRanges.checkPairs(List.of(Long.MAX_VALUE, 1L))).isNotEmpty();
    }
}
