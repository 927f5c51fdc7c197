package io.stanchion.node.config;

import io.stanchion.gateway.net.GatewayConfig;
import java.util.List;

/**
 * Everything that one node is built from.
 *
 * @param effective the configuration in force, as lines of a configuration file
 */
public record NodeConfig(
        GatewayConfig gateway,
        MonitorConfig monitor,
        LogConfig log,
        RunFiles files,
        StreamingConfig streaming,
        ClusterConfig cluster,
        List<String> effective) {

    /** @param port 0 if there is no monitoring, -1 for any free one */
    public record MonitorConfig(String host, int port) {
        public boolean isOn() {
            return port != 0;
        }
    }

    /** @param file empty for the terminal */
    public record LogConfig(
            boolean debug, boolean trace, boolean streamingDebug, boolean streamingTrace, LogTime time, String file) {}

    /** How lines of the log show their time. */
    public enum LogTime {
        NONE,
        LOCAL,
        UTC
    }

    /** Files that tell others about the process; empty for none. */
    public record RunFiles(String pidFile, String portsDirectory) {}
}
