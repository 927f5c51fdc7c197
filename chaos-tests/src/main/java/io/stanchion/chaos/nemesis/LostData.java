package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.Folders;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.Ballast;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** A node comes back with less than it had: with nothing, with a copy of yesterday, or with a harmed one from its peers. */
final class LostData {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long SEEN_MOST_SECONDS = 20;

    /** So that the beginning of the log is cut off where there is ballast. */
    private static final ClusterNeeds SHORT_LOG = ClusterNeeds.PLAIN.andSettings("raft_log_budget: 64MB");

    private LostData() {}

    static List<Nemesis> kinds() {
        return List.of(
                new Fault("emptied-voter", Victims.FOLLOWER, ClusterNeeds.PLAIN, Promise.LONG, LostData::emptyVoter),
                new Fault(
                        "rolled-back-voter",
                        Victims.FOLLOWER,
                        ClusterNeeds.PLAIN,
                        Promise.LONG,
                        LostData::rollBackVoter),
                new Fault("emptied-leader", Victims.LEADER, ClusterNeeds.PLAIN, Promise.SHORT, LostData::empty),
                new Fault("roll-back", Victims.FOLLOWER, ClusterNeeds.PLAIN, Promise.SHORT, LostData::rollBack),
                new Fault("damaged-snapshot", Victims.FOLLOWER, SHORT_LOG, Promise.SHORT, LostData::damageSnapshot),
                new Fault(
                        "rolled-back-snapshot",
                        Victims.FOLLOWER,
                        SHORT_LOG,
                        Promise.SHORT,
                        LostData::rollBackSnapshot));
    }

    /**
     * The chosen node shares a secret with the leader, which the third one missed, and forgets it. While the leader is down the other two
     * are a majority that does not know it: if the empty one votes, the secret is lost.
     */
    private static void emptyVoter(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException, IOException {
        NodeProcess emptied = chosen.get(0);
        LogMark before = LogMark.of(emptied);
        NodeProcess leader = cluster.awaitLeader(LIMIT);
        List<NodeProcess> behind = cluster.nodes().stream()
                .filter(node -> node != emptied && node != leader)
                .toList();
        try {
            faults.say("SIGKILL " + Victims.names(behind));
            behind.forEach(NodeProcess::kill);
            Hold.between(1_000, 3_000, random);
            cluster.nodes().forEach(NodeProcess::kill);
            Folders.delete(emptied.dataDirectory());
            faults.say("SIGKILL " + leader.id() + ", " + emptied.id() + "; deleted the data of " + emptied.id());
            emptied.start();
            behind.forEach(NodeProcess::start);
            Await.tryUntil(
                    LIMIT,
                    () -> emptied.monitor().isUp()
                            && behind.stream().allMatch(node -> node.monitor().isUp()));
            Hold.between(4_000, 6_000, random); // more than an election takes
        } finally {
            cluster.nodes().stream().filter(node -> !node.isAlive()).forEach(NodeProcess::start);
            faults.say("started " + leader.id());
        }
        before.awaitOneOf(LogMark.LOSS);
    }

    /**
     * As {@link #emptyVoter}, but the chosen node has a copy of what it was before it shared the secret: it looks like a sound voter. The
     * one that starts together with it has seen it start once more since then, and nothing of what came later.
     */
    private static void rollBackVoter(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException, IOException {
        NodeProcess rolledBack = chosen.get(0);
        Path copy = rolledBack.dataDirectory().resolveSibling("copy");
        rolledBack.terminate(LIMIT);
        Folders.copy(rolledBack.dataDirectory(), copy);
        faults.say("copied the data of " + rolledBack.id());
        rolledBack.start();
        rolledBack.awaitReady(LIMIT);
        NodeProcess leader = cluster.awaitLeader(LIMIT);
        List<NodeProcess> behind = cluster.nodes().stream()
                .filter(node -> node != rolledBack && node != leader)
                .toList();
        Hold.between(2_000, 3_000, random); // nodes tell each other once a second how far they are
        try {
            faults.say("SIGKILL " + Victims.names(behind));
            behind.forEach(NodeProcess::kill);
            Hold.between(2_000, 4_000, random);
            cluster.nodes().forEach(NodeProcess::kill);
            Folders.delete(rolledBack.dataDirectory());
            Folders.move(copy, rolledBack.dataDirectory());
            faults.say("SIGKILL " + leader.id() + ", " + rolledBack.id() + "; " + rolledBack.id()
                    + " has the data of before");
            rolledBack.start();
            behind.forEach(NodeProcess::start);
            Await.tryUntil(
                    LIMIT,
                    () -> rolledBack.monitor().isUp()
                            && behind.stream().allMatch(node -> node.monitor().isUp()));
            Hold.between(4_000, 6_000, random); // more than an election takes
        } finally {
            cluster.nodes().stream().filter(node -> !node.isAlive()).forEach(NodeProcess::start);
            faults.say("started " + leader.id());
        }
    }

    private static void empty(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException, IOException {
        NodeProcess node = chosen.get(0);
        LogMark before = LogMark.of(node);
        try {
            node.kill();
            Folders.delete(node.dataDirectory());
            faults.say("SIGKILL " + node.id() + "; deleted its data");
            Hold.between(200, 3_000, random);
        } finally {
            node.start();
            faults.say("started " + node.id());
        }
        before.awaitOneOf(LogMark.LOSS);
    }

    /** Somebody restores a backup. What the node has promised since then it does not know any more. */
    private static void rollBack(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException, IOException {
        NodeProcess node = chosen.get(0);
        Path copy = node.dataDirectory().resolveSibling("copy");
        LogMark before = LogMark.of(node);
        try {
            node.kill();
            Folders.copy(node.dataDirectory(), copy);
            node.start();
            node.awaitReady(LIMIT);
            Hold.between(1_000, 4_000, random);
        } finally {
            node.kill();
            Folders.delete(node.dataDirectory());
            Folders.move(copy, node.dataDirectory());
            faults.say(node.id() + " has the data that it had some seconds ago");
            Restarts.startHarmed(node, faults);
        }
        before.awaitOneOf(LogMark.DISTRUST);
    }

    /** The log that an empty node would need is gone, so it is sent the database; that arrives with a fault. */
    private static void damageSnapshot(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException, IOException {
        NodeProcess node = chosen.get(0);
        Path arriving = node.dataDirectory().resolve("install");
        LogMark before = LogMark.of(node);
        try {
            Ballast.publish(cluster.clusterId(), cluster.urlsFrom(cluster.awaitLeader(LIMIT)));
            node.kill();
            Folders.delete(node.dataDirectory());
            faults.say("deleted the data of " + node.id());
            node.start();
            boolean seen = Await.tryUntil(
                    Duration.ofSeconds(SEEN_MOST_SECONDS),
                    () -> !Folders.files(arriving).isEmpty());
            node.kill();
            List<Path> files = Folders.files(arriving);
            if (seen && !files.isEmpty()) {
                Path file = files.get(random.nextInt(files.size()));
                Harm harm = List.of(Harm.values()).get(random.nextInt(Harm.values().length));
                faults.say(node.id() + ": " + harm + (harm.tryOn(file, random) ? " " : " not possible ") + file);
            } else {
                faults.say(node.id() + " had its database before anybody could harm it");
            }
        } finally {
            node.kill();
            Restarts.startHarmed(node, faults);
        }
        before.awaitOneOf(LogMark.LOSS);
    }

    /** The database is as it was before the log that is left begins: what is between is nowhere on this node. */
    private static void rollBackSnapshot(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException, IOException {
        NodeProcess node = chosen.get(0);
        Path database = node.dataDirectory().resolve("db");
        Path copy = node.dataDirectory().resolveSibling("copy");
        try {
            node.terminate(LIMIT);
            Folders.copy(database, copy);
            node.start();
            node.awaitReady(LIMIT);
            Ballast.publish(cluster.clusterId(), cluster.urlsFrom(cluster.awaitLeader(LIMIT)));
            Hold.between(2_000, 4_000, random);
        } finally {
            node.terminate(LIMIT);
            Folders.delete(database);
            Folders.move(copy, database);
            faults.say(node.id() + " has the database that it had some seconds ago");
            Restarts.startHarmed(node, faults);
        }
    }
}
