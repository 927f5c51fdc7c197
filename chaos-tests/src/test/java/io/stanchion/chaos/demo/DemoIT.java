package io.stanchion.chaos.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.cluster.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command of the README. */
class DemoIT {
    @Test
    void shouldPassOnThreeFreePorts() {
        StringWriter output = new StringWriter();
        int first = Ports.free(3);

        int status = new CommandLine(new Demo())
                .setOut(new PrintWriter(output))
                .execute("--ports", first + "," + (first + 1) + "," + (first + 2), "--seconds", "8");

        assertThat(status).as(output.toString()).isZero();
        assertThat(output.toString()).contains("PASSED").doesNotContain("\u001b");
    }
}
