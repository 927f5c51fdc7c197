package io.stanchion.chaos.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.nemesis.Nemeses;
import io.stanchion.chaos.nemesis.Nemesis;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MatrixTest {
    private static final int SHORT_RUN = 6;
    private static final int RUNS = 200;

    @Test
    void shouldHaveEachFaultOnceInAnOrderThatTheSeedDecides() {
        List<Nemesis> order = Matrix.order(Nemeses.all(), 7);

        assertThat(order).containsExactlyInAnyOrderElementsOf(Nemeses.all());
        assertThat(Matrix.order(Nemeses.all(), 7)).isEqualTo(order);
        assertThat(Matrix.order(Nemeses.all(), 8)).isNotEqualTo(order);
    }

    @Test
    void shouldMeetAnotherFamilyInEachRoundOfAShortRun() {
        LongStream.range(0, RUNS)
                .forEach(seed -> assertThat(firstOf(seed))
                        .extracting(nemesis ->
                                nemesis.name().substring(0, nemesis.name().indexOf('-')))
                        .doesNotHaveDuplicates());
    }

    @Test
    void shouldMeetEveryFaultInSomeShortRun() {
        Set<String> met = LongStream.range(0, RUNS)
                .boxed()
                .flatMap(seed -> firstOf(seed).stream())
                .map(Nemesis::name)
                .collect(Collectors.toSet());

        assertThat(met).containsAll(Nemeses.all().stream().map(Nemesis::name).toList());
    }

    private static List<Nemesis> firstOf(long seed) {
        return Matrix.order(Nemeses.all(), seed).subList(0, SHORT_RUN);
    }
}
