package io.stanchion.node;

import com.google.protobuf.ByteString;
import io.stanchion.node.monitor.ComparisonFacts;
import io.stanchion.node.peer.PeerPorts;
import io.stanchion.node.raft.DataDirectory;
import io.stanchion.node.raft.Group;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.LeaderRoute;
import io.stanchion.node.raft.Membership;
import io.stanchion.node.raft.PromiseBook;
import io.stanchion.node.raft.RaftNode;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.ChangeReply;
import io.stanchion.proto.peer.ChangeRequest;
import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.Promised;
import io.stanchion.proto.peer.StandingReply;
import io.stanchion.proto.peer.StatusReply;
import io.stanchion.proto.peer.Unavailable;
import io.stanchion.raftsm.ratis.StanchionStateMachine;
import io.stanchion.raftsm.store.Checkpoint;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the other nodes may ask of this one. Until the Raft server is there, it only says whom it has met. */
final class PeerDoor implements PeerPorts {
    private final String nodeId;
    private final DataDirectory data;
    private final StanchionStateMachine machine;
    private final Membership membership;
    private final Newcomers newcomers;
    private final Supplier<String> unfitReason;
    private final PromiseBook promises;
    private final Supplier<ComparisonFacts> comparison;
    private final AtomicReference<@Nullable RaftNode> raft = new AtomicReference<>();

    PeerDoor(
            String nodeId,
            DataDirectory data,
            StanchionStateMachine machine,
            Membership membership,
            PromiseBook promises,
            Supplier<String> unfitReason,
            Supplier<ComparisonFacts> comparison) {
        this.promises = promises;
        this.nodeId = nodeId;
        this.data = data;
        this.machine = machine;
        this.membership = membership;
        this.newcomers = new Newcomers(data.clusterId());
        this.unfitReason = unfitReason;
        this.comparison = comparison;
    }

    void open(RaftNode started) {
        raft.set(started);
    }

    @Override
    public CompletableFuture<AppendResponse> append(ByteString batch) {
        RaftNode present = raft.get();
        return present == null
                ? CompletableFuture.completedFuture(AppendResponse.newBuilder()
                        .setUnavailable(Unavailable.newBuilder().setReason("starting"))
                        .build())
                : LeaderRoute.accept(present, batch);
    }

    @Override
    public Checkpoint newCheckpoint() throws IOException {
        return machine.newCheckpoint();
    }

    @Override
    public StandingReply standing(String nodeId, String birth) throws IOException {
        RaftNode present = raft.get();
        return StandingReply.newBuilder()
                .setKnown(data.remember(nodeId, birth))
                .setBirth(data.birth())
                .setKeyCheck(data.keyCheck())
                .setLeader(present == null ? "" : present.leader())
                .addAllMembers(members(present))
                .setCommitted(present != null && present.isGroupCommitted())
                .setDoubt(data.doubt())
                .build();
    }

    @Override
    public StandingReply keep(String nodeId, String birth, Promised told) throws IOException {
        RaftNode present = raft.get();
        StandingReply.Builder reply = StandingReply.newBuilder().setPromised(promises.keep(nodeId, birth, told));
        if (present != null) {
            present.matched(nodeId).ifPresent(reply::setMatched);
        }
        return reply.build();
    }

    @Override
    public void expel(String nodeId) throws IOException {
        running().group().expel(nodeId);
    }

    @Override
    public void admit(Member place) throws IOException {
        GroupMember member = GroupMember.of(place);
        if (place.getMoved()) {
            running().group().move(member);
        } else {
            running().group().add(member);
        }
    }

    @Override
    public ChangeReply change(ChangeRequest request) {
        ChangeReply.Builder reply = ChangeReply.newBuilder();
        if (raft.get() == null) {
            return reply.setNotLeader(true).setError("starting").build();
        }
        try {
            reply.setDone(make(request));
        } catch (Group.NotLeaderException e) {
            reply.setNotLeader(true).setError(String.valueOf(e.getMessage()));
            leader().ifPresent(reply::setLeader);
        } catch (Group.TooSoonException e) {
            reply.setTooSoon(true).setError(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            reply.setError(String.valueOf(e.getMessage()));
        }
        return reply.build();
    }

    private String make(ChangeRequest request) throws IOException {
        Group group = running().group();
        switch (request.getChangeCase()) {
            case ADD -> {
                GroupMember joining = GroupMember.of(request.getAdd());
                group.add(joining, newcomers);
                return "node " + joining + " is a member";
            }
            case REMOVE -> {
                group.remove(request.getRemove());
                return "node " + request.getRemove() + " is no member any more";
            }
            case REPLACE -> {
                GroupMember joining = GroupMember.of(request.getReplace().getBy());
                group.replace(request.getReplace().getOld(), joining, newcomers);
                return "node " + joining + " is a member in place of "
                        + request.getReplace().getOld();
            }
            case TRANSFER -> {
                return "node " + group.transfer(request.getTransfer()) + " leads";
            }
            default -> throw new IOException("this version does not know the change that is asked for");
        }
    }

    private Optional<Member> leader() {
        RaftNode present = raft.get();
        return members(present).stream()
                .filter(member -> present != null && member.getNodeId().equals(present.leader()))
                .findFirst();
    }

    private static List<Member> members(@Nullable RaftNode present) {
        return present == null
                ? List.of()
                : present.members().stream().map(GroupMember::toProto).toList();
    }

    @Override
    public StatusReply status() {
        ComparisonFacts compared = comparison.get();
        StatusReply.Builder reply = StatusReply.newBuilder()
                .setNodeId(nodeId)
                .setUnfitReason(unfitReason.get())
                .setEqualIndex(compared.equalIndex())
                .setDisagreement(compared.disagreement());
        RaftNode present = raft.get();
        if (present != null) {
            reply.setRole(present.role())
                    .setLeader(present.leader())
                    .addAllMembers(members(present))
                    .setSelf(membership.named().toProto())
                    .setWaiting(membership.waitsToBeAdded())
                    .setAppliedIndex(Math.max(0, present.appliedIndex()));
        }
        if (reply.getMembersCount() == 0) {
            reply.addAllMembers(membership.membersByHearsay().stream()
                    .map(GroupMember::toProto)
                    .toList());
        }
        return reply.build();
    }

    private RaftNode running() throws IOException {
        RaftNode present = raft.get();
        if (present == null) {
            throw new IOException("starting");
        }
        return present;
    }
}
