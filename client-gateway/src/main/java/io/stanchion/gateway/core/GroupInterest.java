package io.stanchion.gateway.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The members of one queue group: this node's own, and how many each peer has. Immutable.
 *
 * <p>The members form a ring: this node's first, then each peer as often as it has members. One draws a place on the ring, and goes on
 * from there until a member accepts.
 */
final class GroupInterest {
    private static final int[] NO_WEIGHTS = {};

    private final Subject name;
    private final LocalInterest[] members;
    private final Peer[] peers;
    /** Members at the peer with the same index. */
    private final int[] weights;

    private final int places;

    private GroupInterest(Subject name, LocalInterest[] members, Peer[] peers, int[] weights) {
        this.name = name;
        this.members = members;
        this.peers = peers;
        this.weights = weights;
        this.places = members.length + Arrays.stream(weights).sum();
    }

    static GroupInterest empty(Subject name) {
        return new GroupInterest(name, Interests.NO_LOCALS, Interests.NO_PEERS, NO_WEIGHTS);
    }

    static GroupInterest of(Subject name, LocalInterest member) {
        return empty(name).withMember(member);
    }

    Subject name() {
        return name;
    }

    LocalInterest[] members() {
        return members;
    }

    /** Members in the whole cluster. */
    int places() {
        return places;
    }

    boolean isEmpty() {
        return places == 0;
    }

    boolean hasPeers() {
        return peers.length > 0;
    }

    /**
     * The peer at a place of the ring.
     *
     * @param place at least the number of this node's own members
     */
    Peer peerAt(int place) {
        int left = place - members.length;
        int index = 0;
        while (left >= weights[index]) {
            left -= weights[index++];
        }
        return peers[index];
    }

    GroupInterest withMember(LocalInterest member) {
        return new GroupInterest(name, CopiedArrays.with(members, member), peers, weights);
    }

    GroupInterest withoutMember(LocalInterest member) {
        LocalInterest[] rest = CopiedArrays.without(members, member);
        return rest == members ? this : new GroupInterest(name, rest, peers, weights);
    }

    /** Sets the number of members at a peer. */
    GroupInterest withPeer(Peer peer, int count) {
        int index = Arrays.asList(peers).indexOf(peer);
        if (index < 0) {
            return count == 0 ? this : withAddedPeer(peer, count);
        }
        if (weights[index] == count) {
            return this;
        }
        GroupInterest others = withoutPeerAt(index);
        return count == 0 ? others : others.withAddedPeer(peer, count);
    }

    /** The same group under another pattern: a subject that both match has the members of both. */
    GroupInterest merged(@Nullable GroupInterest other) {
        if (other == null) {
            return this;
        }
        GroupInterest result = new GroupInterest(name, CopiedArrays.joined(members, other.members), peers, weights);
        for (int i = 0; i < other.peers.length; i++) {
            Peer peer = other.peers[i];
            int index = Arrays.asList(result.peers).indexOf(peer);
            int before = index < 0 ? 0 : result.weights[index];
            result = result.withPeer(peer, before + other.weights[i]);
        }
        return result;
    }

    private GroupInterest withAddedPeer(Peer peer, int count) {
        int[] grown = Arrays.copyOf(weights, weights.length + 1);
        grown[weights.length] = count;
        return new GroupInterest(name, members, CopiedArrays.with(peers, peer), grown);
    }

    private GroupInterest withoutPeerAt(int index) {
        int[] shrunk = Arrays.copyOf(weights, weights.length - 1);
        System.arraycopy(weights, index + 1, shrunk, index, shrunk.length - index);
        return new GroupInterest(name, members, CopiedArrays.without(peers, peers[index]), shrunk);
    }
}
