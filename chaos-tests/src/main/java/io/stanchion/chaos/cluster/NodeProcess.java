package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One node in a process of its own, started the way an operator starts it. Signals go to the process id that we were given at its
 * start and to no other. Used by one thread, except for {@link #kill()}, which a shutdown hook may call.
 */
public final class NodeProcess implements AutoCloseable {
    private static final int LOG_TAIL_LINES = 5;

    private final Path launcher;
    private final Surroundings surroundings;
    private final NodeMonitor monitor;
    private NodePlan plan;
    private volatile @Nullable Process process;

    NodeProcess(NodePlan plan, String configuration) {
        this(plan, configuration, Surroundings.NONE);
    }

    NodeProcess(NodePlan plan, String configuration, Surroundings surroundings) {
        this.surroundings = surroundings;
        this.plan = plan;
        this.launcher = Installation.launcher();
        this.monitor = new NodeMonitor(plan.host(), plan.monitorPort());
        try {
            Files.createDirectories(plan.directory());
            Files.writeString(plan.configFile(), configuration);
        } catch (IOException e) {
            throw new ClusterException("cannot write " + plan.configFile() + ": " + e.getMessage(), e);
        }
    }

    /** From its next start on its peers find it on other ports of the same host. Only its own configuration says so. */
    public void moveOnItsHost() {
        NodePlan moved = plan.onPeerPort(Ports.free(2));
        try {
            String configuration = Files.readString(plan.configFile());
            Files.writeString(plan.configFile(), configuration.replace(plan.peer(), moved.peer()));
        } catch (IOException e) {
            throw new ClusterException("cannot rewrite " + plan.configFile() + ": " + e.getMessage(), e);
        }
        plan = moved;
    }

    /** Starts the process and returns at once; a node that was killed finds its data again. */
    public void start() {
        List<String> command = new ArrayList<>(surroundings.prefix());
        command.addAll(List.of(launcher.toString(), "-c", plan.configFile().toString(), "-cluster_node_id", plan.id()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(surroundings.environment());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(plan.logFile().toFile()));
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new ClusterException("cannot start " + launcher + ": " + e.getMessage(), e);
        }
    }

    /** Waits until {@code /healthz} says ready; fails early, with the end of the log, when the process is gone. */
    public void awaitReady(Duration limit) {
        boolean ready = Await.tryUntil(limit, () -> !isAlive() || monitor.isReady());
        if (!isAlive()) {
            throw new NodeException("node " + id() + " ended while it started: " + logTail());
        }
        if (!ready) {
            throw new NodeException("node " + id() + " was not ready after " + limit.toSeconds() + " s: "
                    + monitor.health() + "; log: " + plan.logFile());
        }
    }

    /** SIGKILL, and returns when the kernel has buried the process. */
    public void kill() {
        Process victim = process;
        if (victim != null && victim.isAlive()) {
            victim.destroyForcibly();
            awaitExit(victim, Duration.ofSeconds(10));
        }
    }

    /** Returns when the node has ended by itself, with its exit status. */
    public int awaitEnd(Duration limit) {
        Process leaving = running();
        if (!awaitExit(leaving, limit)) {
            throw new NodeException("node " + id() + " did not end within " + limit.toSeconds() + " s");
        }
        return leaving.exitValue();
    }

    /** SIGTERM: the polite stop. Returns the exit status. */
    public int terminate(Duration limit) {
        Process leaving = running();
        leaving.destroy();
        if (!awaitExit(leaving, limit)) {
            throw new NodeException("node " + id() + " still ran " + limit.toSeconds() + " s after SIGTERM");
        }
        return leaving.exitValue();
    }

    /** SIGUSR2: the node takes leave of its clients, and stops. Returns the exit status. */
    public int becomeLameDuck(Duration limit) {
        Process leaving = running();
        signal("USR2");
        if (!awaitExit(leaving, limit)) {
            throw new NodeException("node " + id() + " still ran " + limit.toSeconds() + " s after SIGUSR2");
        }
        return leaving.exitValue();
    }

    /** SIGSTOP: the node keeps its connections and says nothing. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    public String id() {
        return plan.id();
    }

    public String clientUrl() {
        return plan.clientUrl();
    }

    public String host() {
        return plan.host();
    }

    public int clientPort() {
        return plan.clientPort();
    }

    public int raftPort() {
        return plan.raftPort();
    }

    NodePlan plan() {
        return plan;
    }

    /** Where its peers, and operators, reach it: {@code host:port}. */
    public String peerAddress() {
        return plan.host() + ":" + plan.peerPort();
    }

    public NodeMonitor monitor() {
        return monitor;
    }

    public Path logFile() {
        return plan.logFile();
    }

    public Path dataDirectory() {
        return plan.dataDirectory();
    }

    public boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    public long pid() {
        return running().pid();
    }

    /** The last lines of the node's log, joined into one, for error messages. */
    public String logTail() {
        try {
            List<String> lines = Files.readAllLines(plan.logFile(), StandardCharsets.UTF_8);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "its log is not readable: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        kill();
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
            if (!awaitExit(kill, Duration.ofSeconds(5)) || kill.exitValue() != 0) {
                throw new ClusterException("kill -" + name + " " + pid() + " failed");
            }
        } catch (IOException e) {
            throw new ClusterException("cannot run kill: " + e.getMessage(), e);
        }
    }

    private Process running() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException("node " + id() + " was never started");
        }
        return current;
    }

    private static boolean awaitExit(Process leaving, Duration limit) {
        try {
            return leaving.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
