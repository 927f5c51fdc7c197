package io.stanchion.node;

import io.stanchion.node.config.InvalidConfigException;
import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.log.LogSetup;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again and puts in force what can be changed while the node runs. What needs a restart is named, each time until
 * there is one. Used by one thread at a time.
 */
final class Reload {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private static final Set<String> OF_THE_LOG = Set.of(
            "debug",
            "trace",
            "logtime",
            "logtime_utc",
            "log_file",
            "log_size_limit",
            "log_max_num",
            "streaming.sd",
            "streaming.sv",
            "streaming.cluster.raft_logging");
    private static final Set<String> OF_THE_LEADER = Set.of(
            "streaming.hb_interval", "streaming.hb_timeout", "streaming.hb_fail_count", "streaming.replace_durable");
    private static final Set<String> OF_CLIENTS = Set.of(
            "client_advertise",
            "max_connections",
            "max_control_line",
            "max_payload",
            "max_traced_msg_len",
            "ping_interval",
            "ping_max",
            "write_deadline");
    private static final Set<String> OF_FILES = Set.of("pid_file", "ports_file_dir");
    private static final String LIMITS = "streaming.store_limits.";

    private final NodeProcess.ConfigSource source;
    private final Map<String, String> inForce = new TreeMap<>();
    private NodeConfig latest;

    Reload(NodeConfig first, NodeProcess.ConfigSource source) {
        this.source = source;
        this.latest = first;
    }

    /** The configuration as it was read last, with which a node of this process is to start now. */
    NodeConfig begin() {
        inForce.clear();
        inForce.putAll(latest.report().values());
        return latest;
    }

    void run(StanchionNode node, ProcessFiles files) {
        NodeConfig next;
        try {
            next = source.load();
            Set<String> changed = changed(next);
            if (changed.stream().anyMatch(OF_CLIENTS::contains)) {
                node.reconfigureClients(next);
            }
            if (changed.stream().anyMatch(OF_FILES::contains)) {
                files.replace(next.files());
            }
            if (changed.stream().anyMatch(OF_THE_LOG::contains)) {
                LogSetup.apply(next.log());
            }
            if (changed.stream().anyMatch(Reload::isOfTheLeader)) {
                node.reconfigure(next);
            }
            changed.forEach(key -> tell(key, next));
            latest = next;
            log.info("Reloaded server configuration");
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> log.error("Failed to reload server configuration: {}", problem));
        } catch (IOException e) {
            log.error("Failed to reload server configuration: {}", e.getMessage());
        }
    }

    private Set<String> changed(NodeConfig next) {
        Set<String> keys = new TreeSet<>(inForce.keySet());
        keys.addAll(next.report().values().keySet());
        keys.removeIf(
                key -> Objects.equals(inForce.get(key), next.report().values().get(key)));
        return keys;
    }

    private void tell(String key, NodeConfig next) {
        String value = next.report().values().get(key);
        if (!isInForce(key)) {
            log.warn("{} has changed in the configuration; restart this node to put that in force", key);
            return;
        }
        log.info("Reloaded: {} = {}", key, value == null ? "" : shown(key, value, next));
        if (value == null) {
            inForce.remove(key);
        } else {
            inForce.put(key, value);
        }
    }

    private static boolean isInForce(String key) {
        return OF_THE_LOG.contains(key) || OF_CLIENTS.contains(key) || OF_FILES.contains(key) || isOfTheLeader(key);
    }

    /** As the reference shows it: sizes in bytes, texts without quotes. */
    private static String shown(String key, String value, NodeConfig next) {
        return switch (key) {
            case "max_payload" -> Integer.toString(next.gateway().limits().payloadMaxBytes());
            case "max_control_line" -> Integer.toString(next.gateway().limits().controlLineMaxBytes());
            default -> unquoted(value);
        };
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    private static boolean isOfTheLeader(String key) {
        return key.startsWith(LIMITS) || OF_THE_LEADER.contains(key);
    }
}
