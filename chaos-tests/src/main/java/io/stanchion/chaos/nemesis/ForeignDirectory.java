package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Folders;
import io.stanchion.chaos.cluster.NodeException;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk is put into the wrong machine: a follower is started with a copy of another node's data. It must refuse, name the other one, and
 * leave everything as it is. With its own disk it comes back.
 */
record ForeignDirectory() implements Nemesis {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int STATUS_NOT_STARTED = 1;

    @Override
    public String name() {
        return "foreign-directory";
    }

    @Override
    public Promise promise() {
        return Promise.SILENT;
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) throws IOException {
        List<NodeProcess> followers = Victims.some(cluster.followersOf(cluster.awaitLeader(LIMIT)), 2, random);
        NodeProcess node = followers.get(0);
        NodeProcess other = followers.get(1);
        Path own = node.dataDirectory();
        Path aside = own.resolveSibling("own");
        Path copy = own.resolveSibling("foreign");
        other.terminate(LIMIT);
        Folders.copy(other.dataDirectory(), copy);
        other.start();
        other.awaitReady(LIMIT);
        node.terminate(LIMIT);
        Folders.move(own, aside);
        try {
            Folders.move(copy, own);
            faults.say(node.id() + " is started with the data of " + other.id());
            requireRefusal(node, other, faults);
        } finally {
            node.kill();
            Folders.delete(own);
            Folders.move(aside, own);
            node.start();
            faults.say(node.id() + " is started with its own");
        }
    }

    private static void requireRefusal(NodeProcess node, NodeProcess other, FaultLog faults) throws IOException {
        Map<String, String> before = filesOf(node.dataDirectory());
        node.start();
        int status = node.awaitEnd(LIMIT);
        faults.say(node.id() + " ended with status " + status + ": " + node.logTail());
        if (status != STATUS_NOT_STARTED || !node.logTail().contains("belongs to node \"" + other.id() + "\"")) {
            throw new NodeException("node " + node.id() + " ended with status " + status
                    + " when it had to say whose data that is: " + node.logTail());
        }
        Map<String, String> after = filesOf(node.dataDirectory());
        if (!before.equals(after)) {
            throw new NodeException("node " + node.id() + " has changed the data of " + other.id() + ": " + after);
        }
    }

    /** Names, sizes and times of all that is there. */
    private static Map<String, String> filesOf(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (Path file : Folders.files(folder)) {
            files.put(folder.relativize(file).toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
        }
        return files;
    }
}
