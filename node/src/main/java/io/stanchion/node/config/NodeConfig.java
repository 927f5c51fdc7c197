package io.stanchion.node.config;

import io.stanchion.gateway.net.GatewayConfig;
import java.util.List;
import java.util.Map;

/**
 * Everything that one node is built from.
 *
 * @param report what there is to tell about it
 */
public record NodeConfig(
        GatewayConfig gateway,
        MonitorConfig monitor,
        LogConfig log,
        RunFiles files,
        LameDuck lameDuck,
        StreamingConfig streaming,
        ClusterConfig cluster,
        Store store,
        Report report) {

    public List<String> effective() {
        return report.effective();
    }

    /** Where messages are kept. */
    public enum Store {
        FILE,
        /** In a directory of the moment, gone with the process. */
        MEMORY
    }

    /**
     * For people.
     *
     * @param effective the configuration in force, as lines of a configuration file
     * @param values the same, by the full name of each key
     * @param warnings what has another effect than it seems to have, a line for each
     */
    public record Report(List<String> effective, Map<String, String> values, List<String> warnings) {}

    /** @param port 0 if there is no monitoring, -1 for any free one */
    public record MonitorConfig(String host, int port) {
        public boolean isOn() {
            return port != 0;
        }
    }

    /**
     * What is told beside the life of the node.
     *
     * @param debug what happens to connections
     * @param trace what is said on connections
     * @param raft what the Raft library does
     */
    public record LogConfig(
            boolean debug,
            boolean trace,
            boolean streamingDebug,
            boolean streamingTrace,
            boolean raft,
            LogTime time,
            LogFile file) {}

    /**
     * @param name empty for the terminal
     * @param bytesMax at which the file is set aside and begun anew; 0 for never
     * @param filesMax to keep, the current one among them; 0 for all
     */
    public record LogFile(String name, long bytesMax, int filesMax) {}

    /** How lines of the log show their time. */
    public enum LogTime {
        NONE,
        LOCAL,
        UTC
    }

    /**
     * How much time a stop leaves its clients.
     *
     * @param graceMillis from the word that the node will stop to the first connection that it ends
     * @param spreadMillis from there to the last
     */
    public record LameDuck(long graceMillis, long spreadMillis) {}

    /** Files that tell others about the process; empty for none. */
    public record RunFiles(String pidFile, String portsDirectory) {}
}
