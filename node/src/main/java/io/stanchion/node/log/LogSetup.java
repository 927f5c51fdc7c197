package io.stanchion.node.log;

import io.stanchion.node.config.NodeConfig.LogConfig;
import io.stanchion.node.files.Reasons;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets up the log of this process. To be called before anything else asks for a logger. */
public final class LogSetup {
    /** Loggers whose lines are about streaming; they have levels of their own. */
    static final List<String> STREAMING = List.of(
            "io.stanchion.gateway.stan", "io.stanchion.node.leader", "io.stanchion.node.raft", "io.stanchion.raftsm");

    /** What is said on connections of clients. */
    static final String PROTOCOL_TRACE = "io.stanchion.gateway.connection.ProtocolTrace";

    /** What streaming clients ask and get, one by one. */
    static final List<String> STREAMING_TRACE =
            List.of("io.stanchion.gateway.stan.RequestTrace", "io.stanchion.node.leader.DeliveryTrace");

    private LogSetup() {}

    /**
     * Can be called again with another configuration.
     *
     * @throws IOException naming the file, if the log cannot be written there
     */
    public static void apply(LogConfig log) throws IOException {
        // Ours is the last word: what is said while the process stops must arrive.
        System.setProperty("log4j2.shutdownHookEnabled", "false");
        System.setProperty("log4j2.disableJmx", "true");
        if (!log.file().name().isEmpty()) {
            checkWritable(log.file().name());
        }
        Configurator.reconfigure(new LogConfiguration(log));
        bridgeJavaLogging();
    }

    /** gRPC logs through the JDK, which would write to stderr in a form of its own. */
    private static void bridgeJavaLogging() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.uninstall(); // of an earlier call
        SLF4JBridgeHandler.install();
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
    }

    /** Opens the file of the log anew; who rotates logs has moved it away. */
    public static void reopen() throws IOException {
        Appender appender = LoggerContext.getContext(false).getConfiguration().getAppender("log");
        if (appender instanceof FileLog file) {
            file.reopen();
        }
    }

    /**
     * For the time in which this node stops: its peers go on calling a replica that is closing, and to the Raft library each such call is an
     * error. Whoever asked for that library's log goes on seeing all of it.
     */
    public static void hushRaft() {
        if (!LogManager.getLogger(LogConfiguration.RAFT).isInfoEnabled()) {
            Configurator.setAllLevels(LogConfiguration.RAFT, Level.OFF);
        }
    }

    /** Marks an error as the last thing that this process says. */
    public static Marker fatal() {
        return MarkerFactory.getMarker(LogLine.FATAL);
    }

    private static void checkWritable(String file) throws IOException {
        try {
            FileLog.touch(Path.of(file));
        } catch (InvalidPathException e) {
            throw new IOException("log_file: cannot write to " + file + ": " + e.getReason(), e);
        } catch (IOException e) {
            throw new IOException("log_file: cannot write to " + file + ": " + Reasons.ofWriting(e), e);
        }
    }
}
