package io.stanchion.chaos.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DemoBadLuckTest {
    private final StringWriter output = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new Demo()).setOut(new PrintWriter(output)).execute(arguments);
    }

    @Test
    void shouldSayInOneLineThatAPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int status = run("--ports", taken.getLocalPort() + ",4223,4224");

            assertThat(status).isEqualTo(2);
            assertThat(output.toString().strip())
                    .isEqualTo("stanchion demo: port " + taken.getLocalPort()
                            + " on 127.0.0.1 is taken; stop what listens there, or choose others with --ports");
        }
    }

    @Test
    void shouldAskForThreePorts() {
        assertThat(run("--ports", "4222")).isEqualTo(2);
        assertThat(output.toString()).contains("--ports needs three ports");
    }
}
