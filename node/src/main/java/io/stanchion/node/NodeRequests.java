package io.stanchion.node;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Interest;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.node.raft.Group;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.RaftNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of operators to take a node out of the group, or in again: {@code _STAN.raft.<cluster>.node.remove} and {@code add}, with the
 * node's ID as payload. Every node hears them, and the one that leads answers. Changing the group takes a while, so it happens on a
 * thread of its own, one change at a time.
 */
final class NodeRequests implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeRequests.class);
    private static final int WAITING_MAX = 8;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETRY_MILLIS = 50;

    /** In place of a refusal. */
    private static final String OTHER_LEADER = "another node leads";

    private final MessageBus bus;
    private final RaftNode raft;
    private final List<GroupMember> peers;
    private final Group.Meeting meeting;
    private final ThreadPoolExecutor thread;
    private final List<Interest> interests;

    private interface Change {
        void make(String nodeId) throws IOException;
    }

    /** @param peers as the configuration has them; a request names a node by its ID only */
    NodeRequests(MessageBus bus, RaftNode raft, String clusterId, List<GroupMember> peers) {
        this.bus = bus;
        this.raft = raft;
        this.peers = List.copyOf(peers);
        this.meeting = new Newcomers(clusterId);
        this.thread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), task -> {
            Thread named = new Thread(task, "node-requests");
            named.setDaemon(true);
            return named;
        });
        thread.allowCoreThreadTimeOut(true);
        String prefix = "_STAN.raft." + clusterId + ".node.";
        this.interests =
                List.of(serve(prefix + "add", "adding", this::add), serve(prefix + "remove", "removing", this::remove));
    }

    private Interest serve(String subject, String verb, Change change) {
        return bus.subscribe(Subject.of(subject), null, Scope.CLUSTER, message -> {
            ByteBuf content = message.content();
            String nodeId = content.toString(
                    content.readerIndex() + message.headerBytes(),
                    content.readableBytes() - message.headerBytes(),
                    StandardCharsets.UTF_8);
            Subject reply = message.reply();
            try {
                thread.execute(() -> answer(message.subject(), nodeId, verb, change, reply));
            } catch (RejectedExecutionException e) {
                log.warn("too many requests to change the group, or this node is stopping: {} node={}", verb, nodeId);
            }
            return true;
        });
    }

    private void answer(Subject subject, String nodeId, String verb, Change change, @Nullable Subject reply) {
        if (!raft.isLeader()) {
            return; // the leader has heard it, too
        }
        String refusal = nodeId.isEmpty() ? "invalid node ID" : refusal(nodeId, change);
        if (refusal.equals(OTHER_LEADER)) {
            log.info("{} node \"{}\" was asked for, and is left to the next leader", verb, nodeId);
            publish(subject, reply, nodeId);
            return;
        }
        if (refusal.isEmpty()) {
            log.info("{} node \"{}\" as an operator asked", verb, nodeId);
        } else {
            log.warn("{} node \"{}\" was asked for and refused: {}", verb, nodeId, refusal);
        }
        if (reply != null) {
            publish(reply, null, refusal.isEmpty() ? "+OK" : "-ERR " + verb + " node \"" + nodeId + "\": " + refusal);
        }
    }

    private void publish(Subject subject, @Nullable Subject reply, String text) {
        ByteBuf payload = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        bus.publish(new Message(subject, reply, 0, payload));
        payload.release();
    }

    /** A leader that has just been elected is not ready at once, and one that is to go itself gives its leadership away first. */
    private String refusal(String nodeId, Change change) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                change.make(nodeId);
                return "";
            } catch (Group.TooSoonException e) {
                if (System.nanoTime() - end > 0 || !rest()) {
                    return String.valueOf(e.getMessage());
                }
            } catch (Group.NotLeaderException e) {
                if (isLedByOther()) {
                    return OTHER_LEADER;
                } else if (System.nanoTime() - end > 0 || !rest()) {
                    return String.valueOf(e.getMessage());
                }
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }

    private boolean isLedByOther() {
        return !raft.isLeader() && !raft.leader().isEmpty();
    }

    private static boolean rest() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void add(String nodeId) throws IOException {
        GroupMember joining = peers.stream()
                .filter(peer -> peer.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow(() -> new IOException("node " + nodeId + " is not among the peers"));
        raft.group().add(joining.withRaftId(""), meeting);
    }

    private void remove(String nodeId) throws IOException {
        raft.group().remove(nodeId);
    }

    @Override
    public void close() {
        interests.forEach(Interest::close);
        thread.shutdownNow();
    }
}
