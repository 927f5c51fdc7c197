package io.stanchion.node;

import io.stanchion.node.config.InvalidConfigException;
import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.config.NodeConfig.LogConfig;
import io.stanchion.node.config.NodeConfig.LogFile;
import io.stanchion.node.config.NodeConfig.LogTime;
import io.stanchion.node.config.NodeConfig.Store;
import io.stanchion.node.config.Program;
import io.stanchion.node.log.LogSetup;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process with a node in it: from its first line in the log to its last.
 *
 * <p>Signals come on threads of their own. One that ends the process wakes the main thread, which stops the node and ends the process with
 * the status that is due; the thread of the signal waits, and ends the process if that takes too long. A shutdown hook does the same for
 * whoever else calls for the end of the JVM.
 */
final class NodeProcess implements NodeEvents {
    static final int STATUS_STOPPED = 0;
    static final int STATUS_NOT_STARTED = 1;
    static final int STATUS_FAULT = 2;
    static final int STATUS_HUNG = 4;
    static final int STATUS_REMOVED = 5;

    private static final Logger log = LoggerFactory.getLogger(NodeProcess.class);
    private static final int SIGTERM = 15;
    private static final long STOP_SECONDS_MAX = 60;
    private static final long CLOSE_SECONDS_MAX = 15;
    private static final String FAILED = "STREAM: Failed to start: {}";

    private final Program program;
    private final NodeConfig config;
    private final Reload reload;
    private final Lock oneReloadAtATime = new ReentrantLock();
    private final Thread mainThread = Thread.currentThread();
    private final CountDownLatch stop = new CountDownLatch(1);

    /** Whether the node is to start anew in this process. */
    private final AtomicBoolean restarting = new AtomicBoolean();

    /** Released for each reason to look whether to go on. */
    private final Semaphore wake = new Semaphore(0);

    private final AtomicReference<@Nullable Parting> parting = new AtomicReference<>();
    private final AtomicReference<@Nullable StanchionNode> running = new AtomicReference<>();
    private final AtomicReference<@Nullable ProcessFiles> files = new AtomicReference<>();
    private final AtomicInteger status = new AtomicInteger(STATUS_STOPPED);
    private final AtomicBoolean isFaulty = new AtomicBoolean();

    /** Where the configuration comes from, to be read once more. */
    interface ConfigSource {
        NodeConfig load() throws InvalidConfigException;
    }

    NodeProcess(Program program, NodeConfig config, ConfigSource source) {
        this.program = program;
        this.config = config;
        this.reload = new Reload(config, source);
    }

    /** Says in the log, as the reference does, why there is nothing to run. */
    static void tellFailure(List<String> reasons) {
        try {
            LogFile terminal = new LogFile("", 0, 0);
            LogSetup.apply(new LogConfig(false, false, false, false, false, LogTime.LOCAL, terminal));
            reasons.forEach(reason -> log.error(LogSetup.fatal(), FAILED, reason));
        } catch (IOException e) {
            reasons.forEach(errors()::println);
        }
    }

    /** Runs until the process is told to stop. Returns its exit status. */
    int run() {
        try {
            LogSetup.apply(config.log());
            ProcessFiles.checkFolders(config.files());
        } catch (IOException e) {
            errors().println(e.getMessage());
            return STATUS_NOT_STARTED;
        }
        listen();
        log.info(
                "STREAM: Starting nats-streaming-server[{}] version {}",
                config.streaming().clusterId(),
                Main.VERSION);
        config.report().warnings().forEach(warning -> log.warn("{}", warning));
        config.report().effective().forEach(line -> log.debug("config: {}", line));
        try {
            while (runNode()) {
                log.warn("starting again in this process");
            }
        } catch (InterruptedException e) {
            log.info("STREAM: Shutting down before the start was complete.");
        } catch (IOException
                | RuntimeException
                | LinkageError e) { // a library that is not there, or not for this machine
            if (stop.getCount() > 0) {
                log.error(LogSetup.fatal(), FAILED, reason(e));
                log.debug("what happened", e);
                return STATUS_NOT_STARTED;
            }
        }
        log.info("Server Exiting..");
        return status.get();
    }

    /** From a start to the end. Returns whether to start again. */
    private boolean runNode() throws IOException, InterruptedException {
        restarting.set(false);
        wake.drainPermits();
        CountDownLatch closed = new CountDownLatch(1);
        NodeConfig present = latestConfig();
        try (StanchionNode node = StanchionNode.start(present, this);
                ProcessFiles written = ProcessFiles.write(present.files(), program, node.listeners())) {
            files.set(written);
            running.set(node);
            log.debug("started pid={} after={} ms", ProcessHandle.current().pid(), uptimeMillis());
            while (stop.getCount() > 0 && !restarting.get()) {
                wake.acquire();
            }
            if (stop.getCount() == 0) {
                log.info("STREAM: Shutting down.");
                log.info("Initiating Shutdown...");
                node.retire(Objects.requireNonNull(parting.get()));
                LogSetup.hushRaft();
                return false;
            }
            running.set(null);
            endUnlessClosedInTime(closed);
            part(node);
        } catch (QuarantinedException e) {
            log.debug("what happened", e);
            return stop.getCount() > 0;
        } catch (InterruptedException e) {
            if (stop.getCount() == 0 || !restarting.get()) {
                throw e;
            }
        } finally {
            closed.countDown();
        }
        return true;
    }

    /** The clients go to other nodes, and what they have sent to the leader. The data of this node may be bad, its connections are not. */
    private void part(StanchionNode node) throws InterruptedException {
        try {
            node.retire(Parting.prompt(config.lameDuck()));
        } catch (RuntimeException e) {
            log.warn("closing without having parted with all clients", e);
        }
    }

    /** What is being closed has just failed, and may hang. Whoever watches over this process starts it again, and it goes on from there. */
    private static void endUnlessClosedInTime(CountDownLatch closed) {
        Thread guard = new Thread(
                () -> {
                    try {
                        if (!closed.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                            log.error(
                                    LogSetup.fatal(),
                                    "STREAM: this node does not stop; the process ends, to be started again");
                            Runtime.getRuntime().halt(STATUS_HUNG);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "close-guard");
        guard.setDaemon(true);
        guard.start();
    }

    private void listen() {
        ProcessSignals.on("INT", number -> stopOnSignal(number, STATUS_STOPPED));
        int terminated = program == Program.REFERENCE ? ProcessSignals.STATUS_BASE + SIGTERM : STATUS_STOPPED;
        ProcessSignals.on("TERM", number -> stopOnSignal(number, terminated));
        if (System.getenv(ProcessSignals.FREES_USR2) != null) {
            ProcessSignals.on("USR2", number -> becomeLameDuck());
        }
        ProcessSignals.on("HUP", number -> reload());
        ProcessSignals.on("USR1", number -> reopenLog());
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitStop, "shutdown"));
    }

    private void stopOnSignal(int number, int statusIfDone) {
        status.set(statusIfDone);
        awaitStop();
        Runtime.getRuntime().halt(ProcessSignals.STATUS_BASE + number);
    }

    private void becomeLameDuck() {
        if (running.get() == null) {
            log.warn("no lame duck mode: this node is still starting");
        } else if (parting.compareAndSet(null, Parting.unhurried(config.lameDuck()))) {
            stop.countDown();
            wake.release();
        }
    }

    /** If it is leaving its clients time, it goes on in a hurry now: whoever asks twice does not want to wait. */
    private void stop() {
        if (!parting.compareAndSet(null, Parting.prompt(config.lameDuck()))) {
            Objects.requireNonNull(parting.get()).hurry();
        }
        stop.countDown();
        wake.release();
    }

    private void awaitStop() {
        stop();
        if (running.get() == null) {
            mainThread.interrupt(); // it may wait for other nodes
        }
        try {
            mainThread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS_MAX));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private NodeConfig latestConfig() {
        oneReloadAtATime.lock();
        try {
            return reload.begin();
        } finally {
            oneReloadAtATime.unlock();
        }
    }

    private void reload() {
        StanchionNode node = running.get();
        ProcessFiles written = files.get();
        if (node == null || written == null) {
            log.warn("not reloading: this node is still starting");
            return;
        }
        oneReloadAtATime.lock();
        try {
            reload.run(node, written);
        } finally {
            oneReloadAtATime.unlock();
        }
    }

    private static void reopenLog() {
        try {
            LogSetup.reopen();
            log.info("File log re-opened");
        } catch (IOException e) {
            log.error("cannot open the log file again: {}", e.getMessage());
        }
    }

    private static long uptimeMillis() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        return !(e instanceof IOException) || message == null ? e.toString() : message;
    }

    @Override
    public void onRemoved() {
        status.set(STATUS_REMOVED);
        stop();
    }

    @Override
    public void onRestart(String reason) {
        restarting.set(true);
        wake.release();
        if (running.get() == null) {
            mainThread.interrupt(); // it waits for other nodes, for what it can't use any more
        }
    }

    /** The state of this process can't be trusted any more: it ends at once, without writing anything. */
    @Override
    public void onFault(String what, Throwable cause) {
        if (isFaulty.compareAndSet(false, true)) {
            String data = config.store() == Store.FILE ? ", its data is safe in the log" : "";
            if (cause instanceof OutsideFault) {
                log.error(LogSetup.fatal(), "STREAM: {}: {}; this node ends here{}", what, cause.getMessage(), data);
            } else {
                log.error(LogSetup.fatal(), "STREAM: {}; this node ends here{}", what, data, cause);
            }
            Runtime.getRuntime().halt(STATUS_FAULT);
        }
    }

    @SuppressWarnings("SystemOut") // the log cannot be written, so there is nowhere else
    private static PrintStream errors() {
        return System.err;
    }
}
