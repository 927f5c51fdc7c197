package io.stanchion.node.config;

import io.stanchion.node.config.Setting.Section;
import java.time.Duration;
import java.util.List;

/** Which kinds of server this can be, and what belongs together then: the store, the cluster, and what the reference has besides. */
final class Modes {
    static final String FILE = "FILE";
    static final String MEMORY = "MEMORY";

    static final Setting<Object> NATS_CLUSTER = Setting.of(Section.TOP, "cluster", Kinds.ANYTHING, null, "");
    static final Setting<String> ROUTES = flag("routes", Kinds.TEXT);
    static final Setting<String> NATS_CLUSTER_LISTEN = flag("cluster cluster_listen", Kinds.TEXT);
    static final Setting<String> FT_GROUP = Setting.of(Section.STREAMING, "ft_group ft_group_name", Kinds.TEXT, "", "")
            .flags("ft_group");
    static final Setting<Boolean> PARTITIONING = Setting.of(Section.STREAMING, "partitioning", Kinds.BOOL, false, "");

    /** Of a log that takes memory away from what it describes. */
    private static final long MEMORY_LOG_BYTES = 64L << 20;

    private final Values values;
    private final Problems problems;
    private final Program program;

    Modes(Values values, Problems problems, Program program) {
        this.values = values;
        this.problems = problems;
        this.program = program;
    }

    private static <T> Setting<T> flag(String names, Kind<T> kind) {
        return new Setting<>(Section.TOP, List.of(), List.of(names.split(" ")), kind, null, "");
    }

    /** Where messages are kept if nobody says. */
    static String presetStore(Program program) {
        return program == Program.REFERENCE ? MEMORY : FILE;
    }

    /** Whether a setting that is known from the reference can be a reason not to start, together with others. */
    static boolean mayRefuse(Setting<?> setting) {
        return List.of(NATS_CLUSTER, ROUTES, NATS_CLUSTER_LISTEN, FT_GROUP, PARTITIONING)
                .contains(setting);
    }

    /** What holds if nobody says, where that depends on the name of this program, or on other values. */
    void addDefaults() {
        if (!values.isSet(Settings.STORE)) {
            values.put(Settings.STORE, presetStore(program), Place.nowhere("store"));
        }
        if (!isFile() && !values.isSet(Settings.RAFT_LOG_BUDGET)) {
            values.put(Settings.RAFT_LOG_BUDGET, MEMORY_LOG_BYTES, Place.nowhere("store"));
        }
        Duration patience = values.find(Settings.RAFT_HEARTBEAT_TIMEOUT);
        if (patience != null
                && !values.isSet(Settings.ELECTION_TIMEOUT_MIN)
                && !values.isSet(Settings.ELECTION_TIMEOUT_MAX)) {
            Place place = values.placeOf(Settings.RAFT_HEARTBEAT_TIMEOUT);
            values.put(Settings.ELECTION_TIMEOUT_MIN, patience, place);
            values.put(Settings.ELECTION_TIMEOUT_MAX, patience.multipliedBy(2), place);
        }
        Integer together = values.find(Settings.IO_BATCH_SIZE);
        if (together != null && !values.isSet(Settings.BATCH_COMMANDS)) {
            values.put(Settings.BATCH_COMMANDS, together, values.placeOf(Settings.IO_BATCH_SIZE));
        }
    }

    void check() {
        checkStore();
        checkRoutes(NATS_CLUSTER, "cluster");
        checkRoutes(ROUTES, "");
        checkRoutes(NATS_CLUSTER_LISTEN, "");
        if (!values.get(FT_GROUP).isEmpty()) {
            problems.add(
                    values.placeOf(FT_GROUP),
                    (isFile() ? "" : "ft: only FILE or SQL stores supported in FT mode; ")
                            + "fault-tolerance groups are not there; run three nodes with streaming.cluster.peers instead");
        }
        if (values.get(PARTITIONING)) {
            problems.add(
                    values.placeOf(PARTITIONING),
                    (isClustered()
                            ? "stan: channels partitioning in clustering mode is not supported; remove it"
                            : "channels are not partitioned here; remove it, and let one cluster serve them all"));
        }
    }

    private boolean isClustered() {
        return values.get(Settings.CLUSTERED);
    }

    private boolean isFile() {
        return values.get(Settings.STORE).equals(FILE);
    }

    private void checkStore() {
        Place place = values.placeOf(Settings.STORE);
        if (isClustered() && !isFile()) {
            problems.add(
                    place, "stan: clustering mode not supported with MEMORY store type; set store to FILE, and a dir");
        } else if (program == Program.REFERENCE
                && isFile()
                && values.get(Settings.DIR).isEmpty()) {
            problems.add(place, "for FILE stores, root directory must be specified; name it with dir");
        }
    }

    /** Nodes of a cluster are linked anyway; a single node that has been linked to others would be cut off from them. */
    private void checkRoutes(Setting<?> setting, String key) {
        if (!values.isSet(setting)) {
            return;
        }
        String what = key.isEmpty() ? "" : key + ": ";
        if (isClustered()) {
            problems.warn(
                    values.placeOf(setting),
                    what + "no effect here: the nodes in streaming.cluster.peers are linked by themselves");
        } else {
            problems.add(
                    values.placeOf(setting),
                    what + "routes to other NATS servers are not there; remove it, list all nodes in"
                            + " streaming.cluster.peers, or serve an existing NATS network with streaming.nats_server_url");
        }
    }
}
