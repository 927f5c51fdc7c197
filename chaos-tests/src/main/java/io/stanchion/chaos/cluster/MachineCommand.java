package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs the small tools with which root arranges a Linux machine: {@code ip}, {@code mount}, {@code perl} and their like. */
public final class MachineCommand {
    private static final long LIMIT_SECONDS = 60;

    private MachineCommand() {}

    /** What the tool printed; fails with the tool's own words when it says no. */
    public static String run(String... command) {
        Answer answer = answerOf(command);
        if (answer.status != 0) {
            throw new ClusterException(String.join(" ", command) + ": " + answer.text);
        }
        return answer.text;
    }

    /** What the tool printed; nothing when it said no. */
    public static Optional<String> tryRun(String... command) {
        try {
            return Optional.of(run(command));
        } catch (ClusterException e) {
            return Optional.empty();
        }
    }

    /** The tool's objection, or nothing when it had none. */
    public static Optional<String> objection(String... command) {
        try {
            run(command);
            return Optional.empty();
        } catch (ClusterException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Answer answerOf(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ClusterException(String.join(" ", command) + ": still running after " + LIMIT_SECONDS + " s");
            }
            return new Answer(process.exitValue(), text);
        } catch (IOException e) {
            throw new ClusterException(command[0] + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException(String.join(" ", command) + ": interrupted", e);
        }
    }

    private record Answer(int status, String text) {}
}
