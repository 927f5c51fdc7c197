package io.stanchion.node.raft;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The file that says whose a data directory is, and what it has been to its cluster.
 *
 * @param stage what it has been to its cluster
 * @param knownNodes by node ID the birth of the data directory with which it was met first
 * @param heardOf by node ID the greatest incarnation of which it has told
 */
record Identity(
        Owner owner,
        RaftName raftName,
        Lives lives,
        DataDirectory.Stage stage,
        Map<String, String> knownNodes,
        Map<String, Long> heardOf) {
    static final String FILE = "identity";

    private static final int FORMAT = 1;

    /** @param birth random, and as old as the directory */
    record Owner(String clusterId, String nodeId, String birth) {}

    /**
     * The name of the node in the Raft group.
     *
     * @param place where the node was when it took that name; empty for its first one
     */
    record RaftName(String id, String place) {}

    /**
     * Numbers of the processes that have used the directory; each is greater than all before.
     *
     * @param incarnation of the last one
     * @param compared of the last one that has compared the data here with what the others remember, or has noted that it is not to be used
     * @param logSince of the one that began the Raft log; 0 if it is the first
     */
    record Lives(long incarnation, long compared, long logSince) {
        /** The last one takes a greater number. */
        Lives renumbered(long next) {
            return new Lives(next, compared == incarnation ? next : compared, logSince);
        }

        /** There is another process. */
        Lives plus(long next) {
            return new Lives(next, compared, logSince);
        }

        Lives withComparison() {
            return new Lives(incarnation, incarnation, logSince);
        }

        Lives withNewLog() {
            return new Lives(incarnation, compared, incarnation);
        }
    }

    /** Of a directory that has none, a new one. */
    static Identity read(Path root, String clusterId, String nodeId) throws IOException {
        Path file = root.resolve(FILE);
        if (!Files.exists(file)) {
            if (DataDirectory.isFilled(root.resolve("raft")) || DataDirectory.isFilled(root.resolve("db"))) {
                throw new DataDirectoryException("data directory " + root + " has data but no file \"" + FILE
                        + "\", so nobody can say whose it is; restore that file or choose an empty directory with dir");
            }
            return new Identity(
                    new Owner(clusterId, nodeId, UUID.randomUUID().toString()),
                    new RaftName(nodeId, ""),
                    new Lives(0, 0, 0),
                    DataDirectory.Stage.NEW,
                    Map.of(),
                    Map.of());
        }
        try {
            return parse(root, Files.readString(file));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new DataDirectoryException(
                    "data directory " + root + ": its file \"" + FILE
                            + "\" is damaged; restore that file or choose an empty directory with dir",
                    e);
        }
    }

    /** @throws IllegalArgumentException if that is not what {@link #write} writes */
    private static Identity parse(Path root, String text) throws IOException {
        Properties stored = new Properties();
        stored.load(new StringReader(text));
        int format = Integer.parseInt(value(stored, "format"));
        if (format != FORMAT) {
            throw new DataDirectoryException("data directory " + root + " has format " + format
                    + ", this version reads format " + FORMAT
                    + "; run the version that wrote it, or choose another directory with dir");
        }
        String nodeId = value(stored, "node_id");
        String incarnation = value(stored, "incarnation");
        return new Identity(
                new Owner(value(stored, "cluster_id"), nodeId, value(stored, "birth")),
                new RaftName(stored.getProperty("raft_id", nodeId), stored.getProperty("raft_place", "")),
                new Lives(
                        Long.parseLong(incarnation),
                        Long.parseLong(stored.getProperty("compared", incarnation)),
                        Long.parseLong(stored.getProperty("log_since", "0"))),
                DataDirectory.Stage.valueOf(value(stored, "stage")),
                byNode("known_nodes", stored, birth -> birth),
                byNode("heard_of", stored, Long::valueOf));
    }

    private static <T> Map<String, T> byNode(String key, Properties stored, Function<String, T> value) {
        String text = stored.getProperty(key, "");
        Map<String, T> found = new TreeMap<>();
        for (String known : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int separator = known.lastIndexOf('/');
            if (separator < 1) {
                throw new IllegalArgumentException(key + ": " + known);
            }
            found.put(known.substring(0, separator), value.apply(known.substring(separator + 1)));
        }
        return found;
    }

    private static String value(Properties stored, String key) {
        String value = stored.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key);
        }
        return value;
    }

    /** Refuses the directory of another node. */
    void check(Path root, String wantedClusterId, String wantedNodeId) throws DataDirectoryException {
        String clusterId = owner.clusterId;
        String nodeId = owner.nodeId;
        if (!clusterId.equals(wantedClusterId)) {
            throw new DataDirectoryException("data directory " + root + ": cluster ID \"" + wantedClusterId
                    + "\" does not match recovered value of \"" + clusterId
                    + "\"; correct the cluster ID (id), or choose another directory with dir");
        }
        if (nodeId.equals(DataDirectory.ALONE) && !wantedNodeId.equals(DataDirectory.ALONE)) {
            throw new DataDirectoryException("data directory " + root
                    + ": stan: cannot restart server in clustered mode if it was not previously clustered; choose another"
                    + " directory with dir, or start it without a cluster");
        } else if (!nodeId.equals(wantedNodeId)) {
            throw new DataDirectoryException("data directory " + root + " belongs to node \"" + nodeId
                    + "\", this is node \"" + wantedNodeId + "\"; correct node_id or dir");
        }
    }

    Identity with(RaftName next) {
        return new Identity(owner, next, lives, stage, knownNodes, heardOf);
    }

    Identity with(Lives next) {
        return new Identity(owner, raftName, next, stage, knownNodes, heardOf);
    }

    Identity with(DataDirectory.Stage next) {
        return new Identity(owner, raftName, lives, next, knownNodes, heardOf);
    }

    /** Another node is known from now on, with the directory with which it is met first. */
    Identity knowing(String otherNodeId, String otherBirth) {
        return knownNodes.containsKey(otherNodeId)
                ? this
                : new Identity(owner, raftName, lives, stage, plus(knownNodes, otherNodeId, otherBirth), heardOf);
    }

    /** Another node has told of an incarnation. */
    Identity hearing(String otherNodeId, long told) {
        return told <= heardOfLast(otherNodeId)
                ? this
                : new Identity(owner, raftName, lives, stage, knownNodes, plus(heardOf, otherNodeId, told));
    }

    /** 0 if it has never told. */
    long heardOfLast(String otherNodeId) {
        return heardOf.getOrDefault(otherNodeId, 0L);
    }

    private static <T> Map<String, T> plus(Map<String, T> byNode, String nodeId, T value) {
        Map<String, T> more = new TreeMap<>(byNode);
        more.put(nodeId, value);
        return Collections.unmodifiableMap(more);
    }

    void write(Path root) throws DataDirectoryException {
        String text = String.join(
                        "\n",
                        "# whose data this is; do not edit",
                        "format=" + FORMAT,
                        "cluster_id=" + owner.clusterId,
                        "node_id=" + owner.nodeId,
                        "birth=" + owner.birth,
                        "raft_id=" + raftName.id,
                        "raft_place=" + raftName.place,
                        "incarnation=" + lives.incarnation,
                        "compared=" + lives.compared,
                        "log_since=" + lives.logSince,
                        "stage=" + stage,
                        "known_nodes=" + text(knownNodes),
                        "heard_of=" + text(heardOf),
                        "")
                .replace("\\", "\\\\");
        try {
            DurableFile.replace(root.resolve(FILE), text);
        } catch (AtomicMoveNotSupportedException e) {
            throw new DataDirectoryException(
                    "the file system of data directory " + root
                            + " cannot replace a file at once; choose one on a local disk with dir",
                    e);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "data directory " + root + " cannot be written", e, DataDirectory.SEE_TO_RIGHTS);
        }
    }

    private static String text(Map<String, ?> byNode) {
        return byNode.entrySet().stream()
                .map(known -> known.getKey() + "/" + known.getValue())
                .collect(Collectors.joining(","));
    }
}
