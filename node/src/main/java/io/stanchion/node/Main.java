package io.stanchion.node;

import io.stanchion.node.config.ConfigLoader;
import io.stanchion.node.config.InvalidConfigException;
import io.stanchion.node.config.NodeConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: reads its configuration, runs a node until it is told to stop, and ends with a status that says how it went. */
public final class Main {
    static final String VERSION = "0.1.0";

    private static final int STATUS_FAULT = 2;
    private static final long STOP_SECONDS_MAX = 30;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            ConfigLoader.Order order = new ConfigLoader().load(arguments);
            if (order instanceof ConfigLoader.Run run) {
                System.exit(run(run.config()));
            }
            terminal().println(answer(order));
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> errors().println("stanchion: " + problem));
            System.exit(1);
        }
    }

    private static String answer(ConfigLoader.Order order) {
        if (order instanceof ConfigLoader.ShowHelp help) {
            return help.text();
        }
        if (order instanceof ConfigLoader.ShowConfig shown) {
            return String.join(System.lineSeparator(), shown.config().effective());
        }
        return "nats-streaming-server version " + VERSION + ", nats-server: v2.10.29";
    }

    private static int run(NodeConfig config) {
        LogSetup.apply(config.log());
        Logger log = LoggerFactory.getLogger(Main.class);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(stop, stopped), "shutdown"));
        AtomicBoolean faulty = new AtomicBoolean();
        log.info(
                "STREAM: Starting nats-streaming-server[{}] version {}",
                config.streaming().clusterId(),
                VERSION);
        config.effective().forEach(line -> log.debug("config: {}", line));
        try (StanchionNode node = StanchionNode.start(config, (what, cause) -> onFault(log, faulty, what, cause))) {
            log.info(
                    "STREAM: started millis={}",
                    ManagementFactory.getRuntimeMXBean().getUptime());
            stop.await();
            log.info("STREAM: Shutting down.");
        } catch (IOException e) {
            log.error("STREAM: Failed to start: {}", e.getMessage());
            log.debug("the failure", e);
            Runtime.getRuntime().halt(1);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
        log.info("Server Exiting..");
        stopped.countDown();
        return 0;
    }

    /** SIGTERM and SIGINT end up here. The JVM would end with 143 or 130 behind it; a stop that went well is a 0. */
    private static void stopOnSignal(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            if (stopped.await(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The state of this process can't be trusted any more: it ends at once, without writing anything. */
    private static void onFault(Logger log, AtomicBoolean faulty, String what, Throwable cause) {
        if (faulty.compareAndSet(false, true)) {
            log.error("STREAM: {}; this node ends here, its data is safe in the log", what, cause);
            Runtime.getRuntime().halt(STATUS_FAULT);
        }
    }

    @SuppressWarnings("SystemOut") // what was asked for on the command line is answered there
    private static PrintStream terminal() {
        return System.out;
    }

    @SuppressWarnings("SystemOut") // there is no logger before there is a configuration
    private static PrintStream errors() {
        return System.err;
    }
}
