package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.node.config.ConfigLoader;
import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.config.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void shouldPartWithItsClientsBeforeItStartsAgain() throws Exception {
        int port = LoopbackPorts.free(1);
        NodeConfig config = config(port);
        AtomicReference<NodeProcess> process = new AtomicReference<>();
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(
                () -> {
                    NodeProcess running = new NodeProcess(Program.STANCHION, config, () -> config);
                    process.set(running);
                    return running.run();
                },
                task -> new Thread(task, "node-process-test").start());
        await().atMost(PATIENCE).until(() -> Files.exists(pidFile())); // it is started, to the end
        try (Socket client = connect(port)) {
            process.get().onRestart("the test says so");
            List<String> heard = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))
                    .lines()
                    .toList();
            assertThat(heard).as("until the connection ends").anyMatch(line -> line.contains("\"ldm\":true"));
            connect(port).close();
        } finally {
            process.get().onRemoved();
            assertThat(status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(NodeProcess.STATUS_REMOVED);
        }
    }

    private Path pidFile() {
        return folder.resolve("pid");
    }

    private NodeConfig config(int port) throws Exception {
        Path file = folder.resolve("stanchion.conf");
        Files.writeString(file, """
                listen: "127.0.0.1:%d"
                pid_file: "%s"
                streaming {
                  id: restart-test
                  dir: "%s"
                }
                """.formatted(port, pidFile(), folder.resolve("data")));
        return ((ConfigLoader.Run) new ConfigLoader(Program.STANCHION).load("-c", file.toString())).config();
    }

    /** Returns when the server knows the client. */
    private static Socket connect(int port) {
        return await().atMost(PATIENCE).until(() -> tryToConnect(port), Objects::nonNull);
    }

    private static Socket tryToConnect(int port) throws IOException {
        Socket socket = null;
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write("CONNECT {\"protocol\":1}\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
            awaitPong(socket);
            return socket;
        } catch (IOException e) { // it does not listen yet
            if (socket != null) {
                socket.close();
            }
            return null;
        }
    }

    private static void awaitPong(Socket socket) throws IOException {
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf("PONG\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed");
            }
            heard.append((char) next);
        }
    }
}
