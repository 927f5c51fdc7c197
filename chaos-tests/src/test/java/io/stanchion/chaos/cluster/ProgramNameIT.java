package io.stanchion.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.Options;
import io.nats.streaming.StreamingConnection;
import io.nats.streaming.StreamingConnectionFactory;
import io.nats.streaming.Subscription;
import io.nats.streaming.SubscriptionOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator of nats-streaming-server sees of this program under that name, and what differs under its own. */
class ProgramNameIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String REFERENCE = "nats-streaming-server";
    private static final Pattern MEMORY_STORE = Pattern.compile("memory store in (\\S+)");
    private static final int SIGTERM_STATUS = 143;

    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();
    private int count;

    private record Started(Process process, Path out, Path err) {
        String log() throws IOException {
            return Files.readString(err);
        }

        void awaitLine(String text) {
            await(text).atMost(LIMIT).until(() -> {
                assertThat(process.isAlive() || log().contains(text)).as(log()).isTrue();
                return log().contains(text);
            });
        }

        int signal(String name) throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            return kill.waitFor();
        }

        int status() throws InterruptedException {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }
    }

    @AfterEach
    void killWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldKeepMessagesInMemoryAndLeaveNothingBehind() throws Exception {
        Started server = start(REFERENCE, "-a", "127.0.0.1", "-p", freePort(), "-cid", "orders", "-D");
        server.awaitLine("Streaming Server is ready");
        Path store = memoryStoreOf(server);
        assertThat(store).isDirectory();

        server.signal("TERM");

        assertThat(server.status()).isEqualTo(SIGTERM_STATUS);
        assertThat(store).doesNotExist();
        assertThat(server.out()).isEmptyFile();
        assertThat(server.log().lines().map(ProgramNameIT::text))
                .containsSubsequence(
                        "[INF] STREAM: Starting nats-streaming-server[orders] version 0.1.0",
                        "[INF] Starting nats-server",
                        "[INF]   Version:  2.10.29",
                        "[INF] Server is ready",
                        "[INF] STREAM: Recovering the state...",
                        "[INF] STREAM: No recovered state",
                        "[INF] STREAM: Message store is MEMORY",
                        "[INF] STREAM: ---------- Store Limits ----------",
                        "[INF] STREAM: Channels:                  100 *",
                        "[INF] STREAM: Streaming Server is ready",
                        "[INF] STREAM: Shutting down.",
                        "[INF] Initiating Shutdown...",
                        "[INF] Server Exiting..");
        assertThat(server.log())
                .containsPattern("\\[INF] STREAM: ServerID: [0-9A-Za-z]{22}\n")
                .containsPattern("\\[INF]   ID:       N[A-Z2-7]{55}\n");
    }

    @Test
    void shouldDeleteTheMemoryStoreOfAProcessThatWasKilled() throws Exception {
        Started killed = start(REFERENCE, "-a", "127.0.0.1", "-p", freePort(), "-D");
        killed.awaitLine("Streaming Server is ready");
        Path left = memoryStoreOf(killed);
        killed.process().destroyForcibly().waitFor();
        assertThat(left).isDirectory();

        Started next = start(REFERENCE, "-a", "127.0.0.1", "-p", freePort(), "-D");
        next.awaitLine("Streaming Server is ready");

        assertThat(left).doesNotExist();
        next.signal("INT");
        assertThat(next.status()).isZero();
    }

    @Test
    void shouldTraceWhatClientsSayAndAreTold() throws Exception {
        String port = freePort();
        Started server = start(REFERENCE, "-a", "127.0.0.1", "-p", port, "-DV", "-SDV", "-max_traced_msg_len", "3");
        server.awaitLine("Streaming Server is ready");
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            OutputStream out = client.getOutputStream();
            out.write("CONNECT {\"verbose\":false,\"pass\":\"sesame\"}\r\nSUB foo 1\r\nPUB foo 5\r\nhello\r\nPING\r\n"
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            awaitPong(client.getInputStream());
        }
        server.awaitLine("Client connection closed: ");

        String who = "127\\.0\\.0\\.1:\\d+ - cid:1 - ";
        assertThat(server.log())
                .containsPattern("\\[DBG] " + who + "Client connection created")
                .containsPattern("\\[TRC] " + who + "<<- \\[CONNECT \\{.*\"pass\":\"\\[REDACTED]\"}]")
                .containsPattern("\\[TRC] " + who + "<<- \\[SUB foo  1]")
                .containsPattern("\\[TRC] " + who + "<<- \\[PUB foo 5]")
                .containsPattern("\\[TRC] " + who + "<<- MSG_PAYLOAD: \\[\"hel\\.\\.\\.\"]")
                .containsPattern("\\[TRC] " + who + "->> \\[MSG foo 1 5]")
                .containsPattern("\\[TRC] " + who + "->> \\[PONG]")
                .doesNotContain("sesame");
    }

    @Test
    void shouldTraceWhatStreamingClientsAskForAndWhatTheyGet() throws Exception {
        String port = freePort();
        Started server = start(REFERENCE, "-a", "127.0.0.1", "-p", port, "-cid", "orders", "-SDV");
        server.awaitLine("Streaming Server is ready");
        CountDownLatch received = new CountDownLatch(1);
        try (StreamingConnection client = connect(port, "orders")) {
            Subscription subscription = client.subscribe("foo", message -> received.countDown());
            client.publish("foo", new byte[] {1});
            assertThat(received.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            server.awaitLine("Processing ack for subid=");
            subscription.unsubscribe();
            client.subscribe(
                            "foo",
                            message -> {},
                            new SubscriptionOptions.Builder().durableName("dur").build())
                    .close(false);
            client.subscribe(
                    "foo",
                    message -> {},
                    new SubscriptionOptions.Builder().durableName("dur").build());
        }
        server.awaitLine("Closed (Inbox=");

        assertThat(server.log())
                .containsPattern("\\[TRC] STREAM: \\[Client:me] Connect request \\(Inbox=_INBOX\\.\\S+, protocol=1\\)")
                .containsPattern(
                        "\\[TRC] STREAM: \\[Client:me] Subscribe request, subject=foo, inbox=_INBOX\\.\\S+, durable=, ")
                .containsPattern("\\[TRC] STREAM: \\[Client:me] Received message from publisher subj=foo guid=\\S+")
                .containsPattern(
                        "\\[TRC] STREAM: \\[Client:me] Delivering 1 msg to subid=\\d+, subject=foo, seq=1\\.\\.1, inbox=_INBOX\\.\\S+")
                .containsPattern("\\[TRC] STREAM: \\[Client:me] Acking Publisher subj=foo guid=\\S+")
                .containsPattern(
                        "\\[TRC] STREAM: \\[Client:me] Processing ack for subid=\\d+, subject=foo, seq=1, inbox=")
                .containsPattern(
                        "\\[DBG] STREAM: \\[Client:me] Started new subscription, subject=foo, inbox=\\S+, subid=\\d+,"
                                + " sending new-only")
                .containsPattern(
                        "\\[DBG] STREAM: \\[Client:me] Removed subscription, subject=foo, inbox=\\S+, subid=\\d+")
                .containsPattern(
                        "\\[DBG] STREAM: \\[Client:me] Suspended durable subscription, subject=foo, inbox=\\S+,"
                                + " durable=dur, subid=\\d+")
                .containsPattern("\\[DBG] STREAM: \\[Client:me] Resumed durable subscription, subject=foo, inbox=\\S+,"
                        + " durable=dur, subid=\\d+")
                .containsPattern("\\[DBG] STREAM: \\[Client:me] Closed \\(Inbox=_INBOX\\.\\S+\\)")
                .containsPattern(
                        "\\[TRC] STREAM: \\[Client:me] Unsubscrib\\w+ subscription, subject=foo, inbox=_INBOX\\.\\S+");
    }

    @Test
    void shouldServeTheClientsOfAServerElsewhere() throws Exception {
        String port = freePort();
        Started elsewhere = start(REFERENCE, "-a", "127.0.0.1", "-p", port, "-cid", "another");
        elsewhere.awaitLine("Streaming Server is ready");
        Started server = start(REFERENCE, "-ns", "nats://127.0.0.1:" + port, "-cid", "orders");
        server.awaitLine("Streaming Server is ready");
        CountDownLatch received = new CountDownLatch(1);
        try (StreamingConnection client = connect(port, "orders")) {
            client.subscribe("foo", message -> received.countDown());
            client.publish("foo", new byte[] {1});
            assertThat(received.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    private static StreamingConnection connect(String port, String clusterId) throws Exception {
        Options options = new Options.Builder()
                .natsUrl("nats://127.0.0.1:" + port)
                .clusterId(clusterId)
                .clientId("me")
                .build();
        return new StreamingConnectionFactory(options).createConnection();
    }

    @Test
    void shouldReloadAndReopenItsLogWhenTold() throws Exception {
        Path log = folder.resolve("server.log");
        Path pid = folder.resolve("server.pid");
        String port = freePort();
        Path config = folder.resolve("node.conf");
        String common = "listen: \"127.0.0.1:" + port + "\"\npid_file: \"" + pid + "\"\nlog_file: \"" + log + "\"\n";
        Files.writeString(config, common + "streaming { store: memory }");
        Started server = start("stanchion", "-c", config.toString());
        await().atMost(LIMIT)
                .until(() -> Files.exists(pid) && Files.readString(log).contains("Server is ready"));

        Path moved = Files.move(log, folder.resolve("moved.log"));
        assertThat(start("stanchion", "-sl", "reopen=" + pid).status()).isZero();
        await().atMost(LIMIT)
                .until(() -> Files.exists(log) && Files.readString(log).contains("File log re-opened"));
        assertThat(Files.readString(moved)).doesNotContain("File log re-opened");

        Files.writeString(
                config,
                common
                        + "debug: true\nmax_payload: 1KB\nmax_pending: 1MB\nstreaming { store: memory, limits { mc: 5 } }");
        assertThat(start("stanchion", "-sl", "reload=" + server.process().pid()).status())
                .isZero();
        await().atMost(LIMIT).until(() -> Files.readString(log).contains("Reloaded server configuration"));
        assertThat(Files.readString(log))
                .contains("Reloaded: debug = true", "Reloaded: streaming.store_limits.max_channels = 5")
                .contains(
                        "Reloaded: max_payload = 1024",
                        "max_pending has changed in the configuration; restart this node");

        Files.writeString(config, "no_such_key: 1");
        server.signal("HUP");
        await().atMost(LIMIT).until(() -> Files.readString(log).contains("no_such_key"));
        server.signal("TERM");
        assertThat(server.status()).isZero();
    }

    @Test
    void shouldTellWhomItSendsAway() throws Exception {
        String port = freePort();
        Path config = Files.writeString(folder.resolve("small.conf"), "max_payload: 100\nmax_connections: 1");
        Started server = start(REFERENCE, "-a", "127.0.0.1", "-p", port, "-c", config.toString());
        server.awaitLine("Streaming Server is ready");
        say(port, "CONNECT {}\r\nPUB a 101\r\n");
        server.awaitLine("maximum payload exceeded: 101 vs 100");
        try (Socket only = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            say(port, "");
            server.awaitLine("maximum connections exceeded");
            only.getOutputStream().write("FOO\r\n".getBytes(StandardCharsets.UTF_8));
            server.awaitLine("Client parser ERROR");
        }

        String who = "\\[ERR] 127\\.0\\.0\\.1:\\d+ - cid:\\d+ - ";
        assertThat(server.log())
                .containsPattern(who + "maximum payload exceeded: 101 vs 100\n")
                .containsPattern(who + "maximum connections exceeded\n")
                .containsPattern(who + "Client parser ERROR, state=CONTROL_LINE, i=0: proto='\"FOO");
    }

    private static void say(String port, String text) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            client.getInputStream().readAllBytes();
        }
    }

    @Test
    void shouldWriteItsPortsWhereItIsToldAndMoveThemOnAReload() throws Exception {
        String monitor = freePort();
        String port = freePort();
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Path config = folder.resolve("ports.conf");
        String common = "port: " + port + "\nhttp: \"127.0.0.1:" + monitor + "\"\nports_file_dir: ";
        Files.writeString(config, common + '"' + first + '"');
        Started server = start(REFERENCE, "-c", config.toString());
        Path file = first.resolve("nats-streaming-server_" + server.process().pid() + ".ports");
        await().atMost(LIMIT).until(() -> Files.exists(file) && Files.size(file) > 0);

        assertThat(Files.readString(file))
                .startsWith("{\"nats\":[\"nats://127.0.0.1:" + port + "\",")
                .endsWith("],\"monitoring\":[\"http://127.0.0.1:" + monitor + "\"]}");
        assertThat(server.log()).contains("Listening for client connections on 0.0.0.0:" + port);

        Files.writeString(config, common + '"' + second + '"');
        server.signal("HUP");
        Path moved = second.resolve(file.getFileName());
        await().atMost(LIMIT).until(() -> Files.exists(moved) && !Files.exists(file));
        server.signal("TERM");
        assertThat(server.status()).isEqualTo(SIGTERM_STATUS);
        assertThat(moved).doesNotExist();
    }

    @Test
    void shouldSayPlainlyThatASignalReachesNobody() throws Exception {
        Started sender = start(REFERENCE, "-sl", "reload=/no/such/file");

        assertThat(sender.status()).isEqualTo(1);
        assertThat(sender.log())
                .isEqualToIgnoringNewLines("\"/no/such/file\" is neither the ID of a process nor a file with one");
    }

    @Test
    void shouldSayWhatTheReferenceSaysWhenItDoesNotStart() throws Exception {
        Started refused = start(REFERENCE, "-store", "tape");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(text(refused.log().strip()))
                .startsWith("[FTL] STREAM: Failed to start: ")
                .contains("unsupported store type: TAPE");

        Started version = start(REFERENCE, "-v");
        assertThat(version.status()).isZero();
        assertThat(version.out()).hasContent("nats-streaming-server version 0.1.0, nats-server: v2.10.29");

        Path config = Files.writeString(folder.resolve("fine.conf"), "port: 4222");
        Started checked = start(REFERENCE, "-c", config.toString(), "-t");
        assertThat(checked.status()).isZero();
        assertThat(checked.err()).hasContent("nats-streaming-server: configuration file " + config + " is valid");
        assertThat(checked.out()).isEmptyFile();
    }

    @Test
    void shouldObeySignalsThatItsParentIgnores() throws Exception {
        // What nohup, or a script behind "&", hands down.
        List<String> shell = List.of("sh", "-c", "trap '' HUP INT; exec \"$0\" \"$@\"");
        Started server = run(shell, REFERENCE, "-a", "127.0.0.1", "-p", freePort(), "-P", "server.pid");
        server.awaitLine("Streaming Server is ready");
        assertThat(folder.resolve("server.pid"))
                .hasContent(Long.toString(server.process().pid()));

        server.signal("HUP");
        server.awaitLine("Reloaded server configuration");
        server.signal("INT");
        assertThat(server.status()).isZero();
    }

    private Started start(String program, String... arguments) throws IOException {
        return run(List.of(), program, arguments);
    }

    private Started run(List<String> prefix, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Installation.launcher().resolveSibling(program).toString());
        command.addAll(List.of(arguments));
        count++;
        Path out = folder.resolve(count + ".out");
        Path err = folder.resolve(count + ".err");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        started.add(process);
        return new Started(process, out, err);
    }

    private static String freePort() {
        return Integer.toString(Ports.free(1));
    }

    private static Path memoryStoreOf(Started server) throws IOException {
        Matcher matcher = MEMORY_STORE.matcher(server.log());
        assertThat(matcher.find()).isTrue();
        return Path.of(matcher.group(1));
    }

    /** Without process and time. */
    private static String text(String line) {
        return line.replaceFirst("^\\[\\d+] \\S+ \\S+ ", "");
    }

    private static void awaitPong(InputStream in) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf("PONG") < 0) {
            int next = in.read();
            assertThat(next).as(read.toString()).isNotNegative();
            read.append((char) next);
        }
    }
}
