package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoopbackPortsTest {
    /** Nobody listens on any of them yet: that they are free does not tell them apart. */
    @Test
    void shouldNotGiveAwayAPortThatItHasJustGivenAway() {
        Set<Integer> given = new HashSet<>();
        for (int draw = 0; draw < 500; draw++) {
            int first = LoopbackPorts.free(4);
            for (int port = first; port < first + 4; port++) {
                assertThat(given.add(port)).as("port %d is new", port).isTrue();
            }
        }
    }
}
