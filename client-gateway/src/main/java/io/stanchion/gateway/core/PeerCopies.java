package io.stanchion.gateway.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The copies of one message that go to peers: one for each, which serves its plain subscribers and the groups named with it. */
final class PeerCopies {
    private Peer[] peers;
    private List<List<Subject>> groupsOfPeers = List.of();

    PeerCopies(Peer[] withPlainSubscribers) {
        this.peers = withPlainSubscribers;
    }

    void add(Peer peer, Subject group) {
        int index = Arrays.asList(peers).indexOf(peer);
        if (index < 0) {
            index = peers.length;
            peers = CopiedArrays.with(peers, peer);
        }
        if (groupsOfPeers.isEmpty()) {
            groupsOfPeers = new ArrayList<>();
        }
        while (groupsOfPeers.size() < peers.length) {
            groupsOfPeers.add(new ArrayList<>(1));
        }
        groupsOfPeers.get(index).add(group);
    }

    /** Returns whether there was anybody to forward to. */
    boolean forward(Message message) {
        for (int i = 0; i < peers.length; i++) {
            peers[i].forward(message, i < groupsOfPeers.size() ? groupsOfPeers.get(i) : List.of());
        }
        return peers.length > 0;
    }
}
