package io.stanchion.node;

import io.stanchion.node.config.NodeConfig.LogConfig;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.AppenderComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * Log lines as nats-server writes them: {@code [pid] 2006/01/02 15:04:05.000000 [INF] text}, on stderr or in a file. Built in code, because
 * reading a configuration file costs a good part of a quick start.
 */
final class LogSetup {
    private static final String LEVELS = "{FATAL=FTL, ERROR=ERR, WARN=WRN, INFO=INF, DEBUG=DBG, TRACE=TRC}";
    private static final String TEXT = "[%level" + LEVELS + "] %msg%n%throwable";

    private LogSetup() {}

    static void apply(LogConfig log) {
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.setStatusLevel(Level.ERROR).setShutdownHook("disable");
        AppenderComponentBuilder appender = log.file().isEmpty()
                ? builder.newAppender("log", "Console").addAttribute("target", "SYSTEM_ERR")
                : builder.newAppender("log", "File").addAttribute("fileName", log.file());
        String pid = "[" + ProcessHandle.current().pid() + "] ";
        appender.add(builder.newLayout("PatternLayout").addAttribute("pattern", pid + time(log) + TEXT));
        builder.add(appender);
        builder.add(builder.newRootLogger(Level.WARN).add(builder.newAppenderRef("log")));
        builder.add(builder.newLogger("io.stanchion", level(log.debug(), log.trace())));
        Level streaming = level(log.streamingDebug(), log.streamingTrace());
        for (String part : new String[] {"gateway.stan", "node.leader", "node.raft", "raftsm"}) {
            builder.add(builder.newLogger("io.stanchion." + part, streaming));
        }
        Configurator.reconfigure(builder.build());
    }

    private static Level level(boolean debug, boolean trace) {
        if (trace) {
            return Level.TRACE;
        }
        return debug ? Level.DEBUG : Level.INFO;
    }

    private static String time(LogConfig log) {
        return switch (log.time()) {
            case NONE -> "";
            case LOCAL -> "%d{yyyy/MM/dd HH:mm:ss.SSSSSS} ";
            case UTC -> "%d{yyyy/MM/dd HH:mm:ss.SSSSSS}{UTC} ";
        };
    }
}
