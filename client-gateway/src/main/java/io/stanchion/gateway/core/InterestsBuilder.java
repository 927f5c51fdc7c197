package io.stanchion.gateway.core;

import java.util.ArrayList;
import java.util.List;

/** Merges the interests of all patterns that match one subject. */
final class InterestsBuilder {
    private Interests only = Interests.NONE;
    private List<Interests> all = List.of();

    void add(Interests interests) {
        if (interests.isEmpty()) {
            return;
        }
        if (only.isEmpty()) {
            only = interests;
            return;
        }
        if (all.isEmpty()) {
            all = new ArrayList<>();
            all.add(only);
        }
        all.add(interests);
    }

    Interests build() {
        return all.isEmpty() ? only : merge();
    }

    private Interests merge() {
        int plainCount = 0;
        for (Interests interests : all) {
            plainCount += interests.plain().length;
        }
        LocalInterest[] plain = new LocalInterest[plainCount];
        List<Peer> peers = new ArrayList<>();
        List<GroupInterest> groups = new ArrayList<>();
        int next = 0;
        for (Interests interests : all) {
            System.arraycopy(interests.plain(), 0, plain, next, interests.plain().length);
            next += interests.plain().length;
            for (Peer peer : interests.peers()) {
                if (!peers.contains(peer)) {
                    peers.add(peer);
                }
            }
            for (GroupInterest group : interests.groups()) {
                mergeGroup(groups, group);
            }
        }
        return new Interests(plain, peers.toArray(Interests.NO_PEERS), groups.toArray(Interests.NO_GROUPS));
    }

    private static void mergeGroup(List<GroupInterest> groups, GroupInterest added) {
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).name().equals(added.name())) {
                groups.set(i, groups.get(i).merged(added));
                return;
            }
        }
        groups.add(added);
    }
}
