package io.stanchion.node.raft;

import io.stanchion.raftsm.ratis.RaftIds;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpcWithProxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hangs up Ratis' connections that are silent; the next message opens another. They have no keep-alive: after a cut one would wait for the
 * kernel, which doubles the time between two attempts, and stay silent for as long again as the cut has lasted, or far longer if there
 * were several.
 */
public final class RaftConnections {
    private static final Logger log = LoggerFactory.getLogger(RaftConnections.class);

    /** A connection gets so many seconds to be heard over, then the next one. */
    private static final int SILENT_SECONDS = 3;

    private final RaftNode node;
    private final Set<RaftPeerId> closing = ConcurrentHashMap.newKeySet();
    private int seconds;
    private int leaderlessSeconds;

    public RaftConnections(RaftNode node) {
        this.node = node;
    }

    /**
     * To be called once a second. A leader hangs up on followers that don't answer it, and who hears of no leader hangs up on everybody: its
     * own connections carry its candidacy.
     */
    public void look() {
        seconds++;
        RaftServer.Division running = node.division();
        if (running == null) {
            return;
        }
        if (running.getInfo().isLeader()) {
            leaderlessSeconds = 0;
            if (seconds % SILENT_SECONDS == 0) {
                hangUpOnSilentFollowers(running);
            }
        } else if (running.getInfo().getLeaderId() != null) {
            leaderlessSeconds = 0;
        } else if (++leaderlessSeconds % SILENT_SECONDS == 0) {
            running.getRaftConf().getCurrentPeers().stream()
                    .map(RaftPeer::getId)
                    .forEach(id -> hangUp(running, id));
        }
    }

    private void hangUpOnSilentFollowers(RaftServer.Division running) {
        for (ServerRpcProto follower :
                running.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList()) {
            if (follower.getLastRpcElapsedTimeMs() > SILENT_SECONDS * 1_000L) {
                hangUp(running, RaftPeerId.valueOf(follower.getId().getId()));
            }
        }
    }

    /** At once, as the node can't be reached. Any thread; returns before it is done. */
    public void hangUp(String nodeId) {
        RaftServer.Division running = node.division();
        if (running != null) {
            running.getRaftConf().getCurrentPeers().stream()
                    .map(RaftPeer::getId)
                    .filter(id -> RaftIds.nodeId(id).equals(nodeId))
                    .forEach(id -> hangUp(running, id));
        }
    }

    private void hangUp(RaftServer.Division running, RaftPeerId peer) {
        if (peer.equals(running.getId())
                || !(running.getRaftServer().getServerRpc() instanceof RaftServerRpcWithProxy<?, ?> rpc)
                || !closing.add(peer)) {
            return;
        }
        log.debug("hanging up on {}", peer);
        // It waits some seconds for what is under way.
        Thread thread = new Thread(
                () -> {
                    try {
                        rpc.getProxies().resetProxy(peer);
                    } finally {
                        closing.remove(peer);
                    }
                },
                "hang-up-" + peer);
        thread.setDaemon(true);
        thread.start();
    }
}
