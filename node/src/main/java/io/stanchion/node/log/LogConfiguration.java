package io.stanchion.node.log;

import io.stanchion.node.config.NodeConfig.LogConfig;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.LoggerConfig;

/** Which line goes where. Built in code: to look for a file, parse it and find the plug-ins it names takes longer than all the rest. */
final class LogConfiguration extends AbstractConfiguration {
    /** The Raft library. */
    static final String RAFT = "org.apache.ratis";

    private static final String OURS = "io.stanchion";

    private final LogConfig log;

    LogConfiguration(LogConfig log) {
        super(null, ConfigurationSource.NULL_SOURCE);
        this.log = log;
    }

    /** Without the search for plug-ins that the superclass begins with. */
    @Override
    public void initialize() {
        setState(State.INITIALIZING);
        doConfigure();
        setState(State.INITIALIZED);
    }

    @Override
    protected void doConfigure() {
        Appender appender = newAppender();
        appender.start();
        addAppender(appender);
        getRootLogger().addAppender(appender, null, null);
        getRootLogger().setLevel(Level.WARN); // libraries
        // They warn, at length and again and again, of each peer that comes or goes; that is said once, elsewhere.
        setLevel("org.apache.ratis.grpc", Level.ERROR);
        setLevel("org.apache.ratis.server.impl.ServerState", Level.ERROR); // each message of a leader that was cut off
        setLevel("io.grpc", Level.ERROR);
        setLevel(OURS, log.debug() ? Level.DEBUG : Level.INFO);
        LogSetup.STREAMING.forEach(logger -> setLevel(logger, log.streamingDebug() ? Level.DEBUG : Level.INFO));
        // Traces can be had without what else is told.
        if (log.trace()) {
            setLevel(LogSetup.PROTOCOL_TRACE, Level.TRACE);
        }
        if (log.streamingTrace()) {
            LogSetup.STREAMING_TRACE.forEach(logger -> setLevel(logger, Level.TRACE));
        }
        if (log.raft()) {
            setLevel(RAFT, Level.INFO);
        }
    }

    private Appender newAppender() {
        LogLine layout = new LogLine(log.time());
        return log.file().name().isEmpty()
                ? ConsoleAppender.newBuilder()
                        .setName("log")
                        .setConfiguration(this)
                        .setLayout(layout)
                        .setTarget(ConsoleAppender.Target.SYSTEM_ERR)
                        .build()
                : new FileLog(log.file(), layout);
    }

    private void setLevel(String logger, Level level) {
        addLogger(logger, new LoggerConfig(logger, level, true));
    }
}
