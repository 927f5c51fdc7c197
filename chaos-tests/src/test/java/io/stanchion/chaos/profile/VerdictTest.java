package io.stanchion.chaos.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.checker.Finding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
    @Test
    void shouldTellWhatEachJudgeFoundFirst() {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            findings.add(new Finding("replicas-agree", "sequence " + i, List.of()));
        }
        findings.add(new Finding("lost-messages", "one", List.of()));

        assertThat(Verdict.firstOfEachJudge(findings))
                .extracting(Finding::what)
                .containsExactly("sequence 0", "sequence 1", "sequence 2", "one");
    }
}
