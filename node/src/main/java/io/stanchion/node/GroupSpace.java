package io.stanchion.node;

import io.stanchion.node.raft.DiskSpace;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.PromiseBook;
import io.stanchion.node.raft.RaftNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the group has room for what is published. Each node tells the others once a second whether its disk is nearly full, so
 * each gateway can decide by itself: nothing is published while a majority is short, or the leader is and nobody else has told that it is
 * not. Everything else goes on, because acks, closings and what age deletes are what makes room.
 *
 * <p>A leader that is short gives leadership to a member that has room: of several, to the one that has most of the log. Owned by one thread.
 */
final class GroupSpace {
    /** What publishers are told. */
    static final String REFUSAL = "stan: the disk is nearly full, nothing can be published";

    private static final Logger log = LoggerFactory.getLogger(GroupSpace.class);

    /** Nobody can publish while leadership is on its way, and the heir may not take it. Much longer than one attempt. */
    private static final long BETWEEN_TWO_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String selfId;
    private final DiskSpace own;
    private final RaftNode raft;
    private final PromiseBook others;
    private final Consumer<String> publishers;
    private long nextHandOverNanos = System.nanoTime();

    /** @param publishers told why nothing can be published; empty if it can */
    GroupSpace(String selfId, DiskSpace own, RaftNode raft, PromiseBook others, Consumer<String> publishers) {
        this.selfId = selfId;
        this.own = own;
        this.raft = raft;
        this.others = others;
        this.publishers = publishers;
    }

    /** Once a second. */
    void look() {
        if (own.look()) {
            raft.takeSnapshot(); // and cut the log behind it
        }
        List<String> members = raft.members().stream().map(GroupMember::nodeId).toList();
        long shortOnes = members.stream().filter(this::isShort).count();
        boolean isRefused = 2 * shortOnes > members.size() || (isShort(raft.leader()) && !hasRoomElsewhere(members));
        publishers.accept(isRefused ? REFUSAL : "");
        if (own.isShort() && !isRefused && raft.isLeaderReady() && System.nanoTime() - nextHandOverNanos >= 0) {
            nextHandOverNanos = System.nanoTime() + BETWEEN_TWO_NANOS;
            handOver();
        }
    }

    private boolean hasRoomElsewhere(List<String> members) {
        return members.stream().anyMatch(member -> member.equals(selfId) ? !own.isShort() : others.hasRoom(member));
    }

    private boolean isShort(String nodeId) {
        return nodeId.equals(selfId) ? own.isShort() : others.isShort(nodeId);
    }

    private void handOver() {
        Thread thread = new Thread(
                () -> {
                    try {
                        raft.group().transferAmong(others::hasRoom);
                    } catch (IOException e) {
                        log.warn("could not hand leadership over to a node that has room: {}", e.getMessage());
                    }
                },
                "space-hand-over");
        thread.setDaemon(true);
        thread.start();
    }
}
