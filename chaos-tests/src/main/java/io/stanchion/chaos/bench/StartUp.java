package io.stanchion.chaos.bench;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterPlan;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Start-up of a single node: from exec to the first TCP connection that is accepted, and to the first streaming session that is opened.
 *
 * @param acceptMillis from exec to accept
 * @param sessionMillis from exec to session
 */
record StartUp(double acceptMillis, double sessionMillis) {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int READ_MILLIS = 5000;

    /** Starts a node on data that a first run left behind, that many times. */
    static StartUp[] measure(int times) {
        ClusterPlan plan = ClusterPlan.ofSize(ProcessCluster.newFolder("stanchion-start-"), 1);
        try (ProcessCluster cluster = new ProcessCluster(plan)) {
            NodeProcess node = cluster.nodes().get(0);
            startOnce(cluster, node, 0);
            StartUp[] results = new StartUp[times];
            for (int i = 0; i < times; i++) {
                results[i] = startOnce(cluster, node, i + 1);
            }
            return results;
        }
    }

    private static StartUp startOnce(ProcessCluster cluster, NodeProcess node, int round) {
        long start = System.nanoTime();
        node.start();
        Await.until("the node accepts no connection: " + node.logFile(), LIMIT, () -> accepts(node.clientPort()));
        double accept = (System.nanoTime() - start) / 1e6;
        Await.until("the node opens no session: " + node.logFile(), LIMIT, () -> opensSession(cluster, node, round));
        double session = (System.nanoTime() - start) / 1e6;
        node.terminate(LIMIT);
        return new StartUp(accept, session);
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), READ_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean opensSession(ProcessCluster cluster, NodeProcess node, int round) {
        try (RawConnection connection = new RawConnection("127.0.0.1", node.clientPort(), READ_MILLIS)) {
            connection.openSession(cluster.clusterId(), "start-" + round, "_STAN.acks.start-" + round);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
