package io.stanchion.chaos.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MutantTest {
    /** A fault that could not be inflicted, or a machine that has no room, says nothing about the server. */
    @ParameterizedTest
    @EnumSource
    void shouldNotBeFoundOutByAFaultThatFails(Mutant mutant) {
        assertThat(List.of("fault", "cluster", "rest")).noneMatch(judge -> judge.matches(mutant.judges));
    }

    @ParameterizedTest
    @EnumSource
    void shouldFitIntoTheMethodThatItBreaks(Mutant mutant) throws Exception {
        assertThat(mutant.classFile()).isNotEqualTo(Weaver.whole(mutant.className));
    }

    @Test
    void shouldNotBeMadeOfAMethodThatHasAnotherNameNow() {
        Mutant mutant = Mutant.NO_FSYNC;

        assertThatThrownBy(() -> Weaver.weave(mutant.className, "sync", mutant.advice))
                .hasMessage(mutant.className + " has no method sync");
    }
}
