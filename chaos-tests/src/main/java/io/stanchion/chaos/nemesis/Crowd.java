package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.NodeException;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.RawConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/** Hundreds of clients lose their connections at the same moment, all come back at once, and elsewhere, under the names they had. */
final class Crowd implements Nemesis {
    private static final int CLIENTS = 300;
    private static final int AT_ONCE = 60;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "reconnecting-crowd";
    }

    @Override
    public Promise promise() {
        return Promise.SILENT;
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException, IOException {
        NodeProcess leader = cluster.awaitLeader(LEADER_PATIENCE);
        List<RawConnection> crowd = new ArrayList<>();
        try {
            faults.say(CLIENTS + " clients come");
            crowd.addAll(arrive(cluster.nodes(), cluster.clusterId()));
            for (RawConnection client : crowd) {
                client.close(); // without a word to the streaming service
            }
            long begin = System.nanoTime();
            faults.say("they lose their connections, and come back to the followers");
            crowd.clear();
            crowd.addAll(arrive(cluster.followersOf(leader), cluster.clusterId()));
            faults.say(String.format(Locale.ROOT, "all are back after %.1f s", (System.nanoTime() - begin) / 1e9));
        } finally {
            for (RawConnection client : crowd) {
                client.endSession();
                client.close();
            }
            faults.say("they are gone");
        }
    }

    private static List<RawConnection> arrive(List<NodeProcess> nodes, String clusterId) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        List<Future<RawConnection>> coming = new ArrayList<>();
        List<RawConnection> here = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                NodeProcess node = nodes.get(i % nodes.size());
                String clientId = "crowd-" + i;
                coming.add(threads.submit(() -> open(node, clusterId, clientId)));
            }
            for (Future<RawConnection> one : coming) {
                here.add(one.get());
            }
            return here;
        } catch (ExecutionException e) {
            throw new NodeException("client " + here.size() + " of the crowd was not let in: " + e.getMessage(), e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static RawConnection open(NodeProcess node, String clusterId, String clientId) throws IOException {
        RawConnection connection = new RawConnection(node.host(), node.clientPort(), PATIENCE_MILLIS);
        try {
            connection.openSession(clusterId, clientId, "_INBOX.acks." + clientId);
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }
}
