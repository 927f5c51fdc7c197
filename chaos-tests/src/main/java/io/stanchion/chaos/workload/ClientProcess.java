package io.stanchion.chaos.workload;

import io.stanchion.chaos.cluster.ClusterException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The other end of a {@link ClientMain}. */
public final class ClientProcess implements AutoCloseable {
    private static final Duration QUIT_LIMIT = Duration.ofSeconds(5);

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;

    private ClientProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        orders = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII));
    }

    /** Starts a client in a small JVM like our own, with our class path. */
    public static ClientProcess start(ClientPlan plan) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ClientMain.class.getName()));
        command.addAll(plan.toArguments());
        ProcessBuilder builder = new ProcessBuilder(command);
        Path errors = plan.historyFile().resolveSibling(plan.name() + ".stderr");
        builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        return new ClientProcess(plan.name(), builder.start());
    }

    /** Returns when the client says this. */
    public void awaitAnswer(String wanted, Duration limit) throws InterruptedException {
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(this::readAnswer);
        try {
            String said = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!said.equals(wanted)) {
                throw new ClusterException(name + " said \"" + said + "\" instead of " + wanted);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new ClusterException(name + " did not say " + wanted + " within " + limit.toSeconds() + " s", e);
        }
    }

    private String readAnswer() {
        try {
            return String.valueOf(answers.readLine());
        } catch (IOException e) {
            return "nothing: " + e.getMessage();
        }
    }

    /** The writers finish, and subscribers acknowledge everything from now on. The answer is {@code stopped}. */
    public void tellToStop() throws IOException {
        orders.write("stop\n");
        orders.flush();
    }

    /** As a crash of the client. */
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws InterruptedException {
        try {
            orders.write("quit\n");
            orders.flush();
        } catch (IOException e) {
            process.destroyForcibly(); // it is gone, or as good as gone
        }
        if (!process.waitFor(QUIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
    }
}
