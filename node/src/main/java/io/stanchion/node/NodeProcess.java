package io.stanchion.node;

import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.log.LogSetup;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process with a node in it: from its first line in the log to its last.
 *
 * <p>SIGTERM and SIGINT reach a shutdown hook. Behind it the JVM would end with 143 or 130, but a stop that went well is a 0; so the hook
 * waits while the main thread stops the node, and the main thread ends the process.
 */
final class NodeProcess {
    static final int STATUS_STOPPED = 0;
    static final int STATUS_NOT_STARTED = 1;
    static final int STATUS_FAULT = 2;

    private static final long STOP_SECONDS_MAX = 60;

    private final NodeConfig config;
    private final Thread mainThread = Thread.currentThread();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicBoolean isStarting = new AtomicBoolean(true);
    private final AtomicBoolean isFaulty = new AtomicBoolean();

    NodeProcess(NodeConfig config) {
        this.config = config;
    }

    /** Runs until the process is told to stop. Returns its exit status. */
    int run() {
        Logger log;
        try {
            LogSetup.apply(config.log());
            ProcessFiles.checkFolders(config.files());
            log = LoggerFactory.getLogger(NodeProcess.class);
        } catch (IOException e) {
            errors().println(e.getMessage());
            return STATUS_NOT_STARTED;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopOnSignal, "shutdown"));
        log.info("STREAM: Starting nats-streaming-server[{}] version {}", clusterId(), Main.VERSION);
        config.effective().forEach(line -> log.debug("config: {}", line));
        try (StanchionNode node =
                StanchionNode.start(config, (what, cause) -> onFault(log, what, cause), stop::countDown)) {
            isStarting.set(false);
            log.info(
                    "Server is ready, pid={} start={} ms",
                    ProcessHandle.current().pid(),
                    uptimeMillis());
            stop.await();
            log.info("STREAM: Shutting down.");
        } catch (InterruptedException e) {
            log.info("STREAM: Shutting down before the start was complete.");
        } catch (IOException | RuntimeException e) {
            if (stop.getCount() > 0) {
                log.error(LogSetup.fatal(), "STREAM: Failed to start: {}", reason(e));
                log.debug("what happened", e);
                return STATUS_NOT_STARTED;
            }
        }
        log.info("Server Exiting..");
        return STATUS_STOPPED;
    }

    private String clusterId() {
        return config.streaming().clusterId();
    }

    private static long uptimeMillis() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return e instanceof RuntimeException || message == null ? e.toString() : message;
    }

    private void stopOnSignal() {
        stop.countDown();
        if (isStarting.get()) {
            mainThread.interrupt(); // it may wait for other nodes
        }
        try {
            mainThread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS_MAX));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The state of this process can't be trusted any more: it ends at once, without writing anything. */
    private void onFault(Logger log, String what, Throwable cause) {
        if (isFaulty.compareAndSet(false, true)) {
            log.error(LogSetup.fatal(), "STREAM: {}; this node ends here, its data is safe in the log", what, cause);
            Runtime.getRuntime().halt(STATUS_FAULT);
        }
    }

    @SuppressWarnings("SystemOut") // the log cannot be written, so there is nowhere else
    private static PrintStream errors() {
        return System.err;
    }
}
