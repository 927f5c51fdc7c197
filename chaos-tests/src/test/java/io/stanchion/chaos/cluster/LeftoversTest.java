package io.stanchion.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeftoversTest {
    private static final long OWN = ProcessHandle.current().pid();
    private static final long DEAD = 4_194_304; // above every process id that Linux gives

    @Test
    void shouldNameWhatDeadRunsLeftInTheNetworkAndNothingElse() {
        String links =
                "2: eth0: <UP>\n7: sx" + DEAD + "-0: <UP>\n8: sx" + DEAD + "-0b@if2: <UP>\n9: sx" + OWN + "-0: <UP>";

        assertThat(Leftovers.namesIn(links)).containsExactly("sx" + DEAD + "-0", "sx" + DEAD + "-0b");
    }

    @Test
    void shouldLeaveFoldersOfLivingRunsAndOfOthersAlone() {
        assertThat(Leftovers.isDead("/tmp/stanchion-chaos-" + DEAD + "-123/a/disk"))
                .isTrue();
        assertThat(Leftovers.isDead("/tmp/" + Leftovers.folderPrefix() + "123")).isFalse();
        assertThat(Leftovers.isDead("/tmp/stanchion-test-123")).isFalse();
    }
}
