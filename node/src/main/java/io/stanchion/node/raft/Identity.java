package io.stanchion.node.raft;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The file that says whose a data directory is, and what it has been to its cluster.
 *
 * @param birth random, and as old as the directory
 * @param raftId the name of the node in the Raft group
 * @param raftPlace where the node was when it took that name; empty for its first one
 * @param incarnation of the last process that has used the directory
 * @param compared of the last one that has compared the data here with what the others remember, or has noted that it is not to be used
 * @param logSince the incarnation that began the Raft log; 0 if it is the first
 * @param knownNodes by node ID the birth of the data directory with which it was met first
 * @param heardOf by node ID the greatest incarnation of which it has told
 */
record Identity(
        String clusterId,
        String nodeId,
        String birth,
        String raftId,
        String raftPlace,
        long incarnation,
        long compared,
        long logSince,
        DataDirectory.Stage stage,
        Map<String, String> knownNodes,
        Map<String, Long> heardOf) {
    static final String FILE = "identity";

    private static final int FORMAT = 1;

    /** Of a directory that has none, a new one. */
    static Identity read(Path root, String clusterId, String nodeId) throws IOException {
        Path file = root.resolve(FILE);
        if (!Files.exists(file)) {
            if (DataDirectory.isFilled(root.resolve("raft")) || DataDirectory.isFilled(root.resolve("db"))) {
                throw new DataDirectoryException("data directory " + root + " has data but no file \"" + FILE
                        + "\", so nobody can say whose it is; restore that file or choose an empty directory with dir");
            }
            return new Identity(
                    clusterId,
                    nodeId,
                    UUID.randomUUID().toString(),
                    nodeId,
                    "",
                    0,
                    0,
                    0,
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
        return new Identity(
                value(stored, "cluster_id"),
                nodeId,
                value(stored, "birth"),
                stored.getProperty("raft_id", nodeId),
                stored.getProperty("raft_place", ""),
                Long.parseLong(value(stored, "incarnation")),
                Long.parseLong(stored.getProperty("compared", value(stored, "incarnation"))),
                Long.parseLong(stored.getProperty("log_since", "0")),
                DataDirectory.Stage.valueOf(value(stored, "stage")),
                byNode("known_nodes", stored),
                heardOf(stored));
    }

    private static Map<String, Long> heardOf(Properties stored) {
        Map<String, Long> found = new TreeMap<>();
        byNode("heard_of", stored).forEach((nodeId, incarnation) -> found.put(nodeId, Long.parseLong(incarnation)));
        return found;
    }

    private static Map<String, String> byNode(String key, Properties stored) {
        String text = stored.getProperty(key, "");
        Map<String, String> found = new TreeMap<>();
        for (String known : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int separator = known.lastIndexOf('/');
            if (separator < 1) {
                throw new IllegalArgumentException(key + ": " + known);
            }
            found.put(known.substring(0, separator), known.substring(separator + 1));
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

    void write(Path root) throws DataDirectoryException {
        String text = "# whose data this is; do not edit\nformat=" + FORMAT + "\ncluster_id=" + escaped(clusterId)
                + "\nnode_id=" + escaped(nodeId) + "\nbirth=" + birth + "\nraft_id=" + escaped(raftId)
                + "\nraft_place=" + escaped(raftPlace) + "\nincarnation="
                + incarnation + "\ncompared=" + compared + "\nlog_since=" + logSince + "\nstage=" + stage
                + "\nknown_nodes="
                + escaped(text(knownNodes)) + "\nheard_of=" + escaped(text(heardOf)) + "\n";
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

    private static String escaped(String text) {
        return text.replace("\\", "\\\\");
    }
}
