package io.stanchion.node.raft;

import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.Promised;
import io.stanchion.proto.peer.StandingReply;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The other nodes, each of which remembers whom it has met as a real one does. */
final class OtherNodes implements Membership.Peers {
    final Map<String, Node> nodes = new ConcurrentHashMap<>();
    final List<String> calls = new CopyOnWriteArrayList<>();

    /** The name under which it was asked last. */
    String admitted = "";

    /** What the next readmissions come to; well, when there is nothing more. */
    final Deque<String> refusals = new ArrayDeque<>();

    Runnable onCall = () -> {};

    static final class Node {
        volatile boolean isUp = true;
        /** With which data directory it has met us. */
        String metBirth = "";

        /** Whether its next answer is lost on the way. */
        boolean losesAnswer;

        String leader = "";
        List<String> members = List.of();
        boolean isCommitted = true;
        /** Of the names in the Raft group. */
        String ending = "";

        /** As the log has this node's; if empty, it is as those of the others. */
        String ourRaftId = "";

        String keyCheck = "";

        /** The greatest incarnation of which we have told it. */
        volatile long heardOf;

        /** The term in which we have told it that we are. */
        volatile long heardOfTerm;

        /** So many questions before this one comes up. */
        int upAfter;
    }

    /** Where they are looked for. */
    final Map<String, GroupMember> reached = new ConcurrentHashMap<>();

    void reach(Collection<GroupMember> places) {
        reached.clear();
        places.forEach(place -> reached.put(place.nodeId(), place));
    }

    Node node(String id) {
        return nodes.computeIfAbsent(id, unused -> new Node());
    }

    @Override
    public StandingReply standing(String nodeId, String birth) throws IOException {
        calls.add("standing " + nodeId);
        onCall.run();
        Node node = node(nodeId);
        if (!node.isUp || node.upAfter-- > 0) {
            throw new IOException("node " + nodeId + " cannot be reached");
        }
        if (node.metBirth.isEmpty()) {
            node.metBirth = birth;
        }
        if (node.losesAnswer) {
            node.losesAnswer = false;
            throw new IOException("node " + nodeId + " has not answered in time");
        }
        return group(node)
                .setBirth("the one life of " + nodeId)
                .setKnown(!node.metBirth.equals(birth))
                .setKeyCheck(node.keyCheck)
                .build();
    }

    private static StandingReply.Builder group(Node node) {
        return StandingReply.newBuilder()
                .setLeader(node.leader)
                .setCommitted(node.isCommitted)
                .addAllMembers(node.members.stream()
                        .map(id -> Member.newBuilder()
                                .setNodeId(id)
                                .setHost("new-" + id)
                                .setPeerPort(4300)
                                .setRaftPort(4301)
                                .setRaftId(
                                        id.equals("a") && !node.ourRaftId.isEmpty() ? node.ourRaftId : id + node.ending)
                                .build())
                        .toList());
    }

    @Override
    public StandingReply keep(String nodeId, String birth, Promised own) throws IOException {
        calls.add((own.getIncarnation() == 0 ? "ask " : "tell ") + nodeId);
        onCall.run();
        Node node = node(nodeId);
        if (!node.isUp || node.upAfter-- > 0) {
            throw new IOException("node " + nodeId + " cannot be reached");
        }
        long before = node.heardOf;
        node.heardOf = Math.max(before, own.getIncarnation());
        return group(node)
                .setPromised(Promised.newBuilder().setIncarnation(before).setTerm(node.heardOfTerm))
                .build();
    }

    @Override
    public void expel(String leader) throws IOException {
        answer("expel " + leader);
    }

    @Override
    public void admit(String leader, String raftId, boolean moved) throws IOException {
        admitted = raftId;
        answer((moved ? "move to " : "admit ") + leader);
    }

    private void answer(String call) throws IOException {
        calls.add(call);
        onCall.run();
        String refusal = refusals.poll();
        if (refusal != null) {
            throw new IOException(refusal);
        }
    }
}
