package io.stanchion.node.admin;

import io.stanchion.node.peer.OperatorCalls;
import io.stanchion.node.peer.PeerAddress;
import io.stanchion.proto.peer.ChangeReply;
import io.stanchion.proto.peer.ChangeRequest;
import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.StatusReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One change of the group, asked for until it is made or refused. It goes where a node sends it; while there is no leader it waits a little;
 * and when the node that was asked dies, it asks the others, who may find the change made already.
 */
final class ChangeCall {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long RETRY_MILLIS = 200;

    private final ChangeRequest request;
    private final List<PeerAddress> doors;
    private final boolean wasMember;
    private int turn;
    private long end;

    /**
     * @param peers where to ask
     * @param seen how the first of them that answers sees the group
     */
    ChangeCall(ChangeRequest request, List<PeerAddress> peers, StatusReply seen) {
        this.request = request;
        this.doors = new ArrayList<>(peers);
        seen.getMembersList().stream()
                .map(ChangeCall::address)
                .filter(member -> member.port() > 0 && !doors.contains(member))
                .forEach(doors::add);
        this.wasMember = contains(seen, request.getRemove());
    }

    /** Blocks. Returns what was done, in a sentence. */
    String make() throws IOException, InterruptedException {
        PeerAddress asked = nextDoor();
        end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            long began = System.nanoTime();
            try {
                ChangeReply reply = OperatorCalls.change(asked.host(), asked.port(), request);
                if (reply.getNotLeader()) {
                    goOn(began, new IOException("the cluster has no leader now; nothing was changed"));
                    asked = reply.getLeader().getPeerPort() > 0 ? address(reply.getLeader()) : nextDoor();
                } else if (reply.getTooSoon()) {
                    goOn(began, new IOException(reply.getError()));
                } else if (reply.getError().isEmpty()) {
                    return reply.getDone();
                } else if (isGone(asked)) {
                    return "node " + request.getRemove() + " is no member any more";
                } else {
                    throw new IOException(reply.getError());
                }
            } catch (OperatorCalls.NoAnswerException e) {
                goOn(
                        began,
                        new IOException(
                                e.getMessage() + "; the change may have been made, see \"stanchion cluster status\"",
                                e));
                asked = nextDoor();
            }
        }
    }

    private PeerAddress nextDoor() {
        return doors.get(turn++ % doors.size());
    }

    /** Whoever has worked for long on the change did not waste our patience. */
    private void goOn(long began, IOException otherwise) throws IOException, InterruptedException {
        long now = System.nanoTime();
        if (now - began > PATIENCE_NANOS / 2) {
            end = now + PATIENCE_NANOS;
        }
        if (now - end > 0) {
            throw otherwise;
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    }

    /** Whether the node to be removed was a member, and is none by the word of the leader: an earlier attempt has removed it. */
    private boolean isGone(PeerAddress leader) {
        if (!wasMember) {
            return false;
        }
        try {
            StatusReply now = OperatorCalls.status(leader.host(), leader.port());
            return now.getMembersCount() > 0 && !contains(now, request.getRemove());
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean contains(StatusReply seen, String nodeId) {
        return seen.getMembersList().stream()
                .anyMatch(member -> member.getNodeId().equals(nodeId));
    }

    private static PeerAddress address(Member member) {
        return new PeerAddress("", member.getHost(), member.getPeerPort());
    }
}
