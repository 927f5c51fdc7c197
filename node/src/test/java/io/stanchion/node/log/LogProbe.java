package io.stanchion.node.log;

import io.stanchion.node.config.NodeConfig.LogConfig;
import io.stanchion.node.config.NodeConfig.LogFile;
import io.stanchion.node.config.NodeConfig.LogTime;
import java.io.IOException;
import org.slf4j.LoggerFactory;

/** A process that sets up its log as a node does, and says a few things. */
final class LogProbe {
    private LogProbe() {}

    /** Its arguments: how to show the time, and the file, empty for the terminal. */
    public static void main(String[] arguments) throws IOException {
        LogSetup.apply(new LogConfig(
                false, false, true, false, false, LogTime.valueOf(arguments[0]), new LogFile(arguments[1], 0, 0)));
        LoggerFactory.getLogger("io.stanchion.gateway.net.Probe").info("client {} connected", 7);
        LoggerFactory.getLogger("io.stanchion.gateway.net.Probe").debug("not wanted");
        LoggerFactory.getLogger("io.stanchion.raftsm.Probe").debug("applied größe");
        LoggerFactory.getLogger("io.stanchion.node.leader.Probe").warn("STREAM: is said once");
        LoggerFactory.getLogger("io.stanchion.node.Probe").error("failed", new IOException("disk full"));
        LoggerFactory.getLogger("org.apache.ratis.Probe").info("not wanted");
        java.util.logging.Logger.getLogger("some.library").warning("by the JDK's logging");
        LoggerFactory.getLogger("io.stanchion.node.Probe").error(LogSetup.fatal(), "the end");
    }
}
