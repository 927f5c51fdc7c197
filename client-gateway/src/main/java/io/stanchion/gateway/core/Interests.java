package io.stanchion.gateway.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Who is interested in a pattern, or, merged over several patterns, in a subject. Immutable; nobody writes to the arrays. */
final class Interests {
    static final LocalInterest[] NO_LOCALS = {};
    static final Peer[] NO_PEERS = {};
    static final GroupInterest[] NO_GROUPS = {};
    static final Interests NONE = new Interests(NO_LOCALS, NO_PEERS, NO_GROUPS);

    private final LocalInterest[] plain;
    private final Peer[] peers;
    private final GroupInterest[] groups;
    private final boolean service;

    Interests(LocalInterest[] plain, Peer[] peers, GroupInterest[] groups) {
        this.plain = plain;
        this.peers = peers;
        this.groups = groups;
        this.service = anyService(plain, groups);
    }

    /** Plain subscribers of this node. */
    LocalInterest[] plain() {
        return plain;
    }

    /** Peers with plain subscribers, each once. */
    Peer[] peers() {
        return peers;
    }

    /** Queue groups, each name once. */
    GroupInterest[] groups() {
        return groups;
    }

    /** Whether this node's own service is among them. */
    boolean hasService() {
        return service;
    }

    boolean isEmpty() {
        return plain.length == 0 && peers.length == 0 && groups.length == 0;
    }

    @Nullable
    GroupInterest group(Subject name) {
        for (GroupInterest group : groups) {
            if (group.name().equals(name)) {
                return group;
            }
        }
        return null;
    }

    Interests withLocal(LocalInterest local) {
        Subject name = local.queueGroup();
        if (name == null) {
            return new Interests(CopiedArrays.with(plain, local), peers, groups);
        }
        GroupInterest group = group(name);
        return withGroup(group == null ? GroupInterest.of(name, local) : group.withMember(local));
    }

    Interests withoutLocal(LocalInterest local) {
        Subject name = local.queueGroup();
        if (name == null) {
            return orNone(new Interests(CopiedArrays.without(plain, local), peers, groups));
        }
        GroupInterest group = group(name);
        return group == null ? this : withGroup(group.withoutMember(local));
    }

    Interests withPeer(Peer peer, @Nullable Subject name, int count) {
        if (name != null) {
            GroupInterest group = group(name);
            return withGroup((group == null ? GroupInterest.empty(name) : group).withPeer(peer, count));
        }
        boolean known = Arrays.asList(peers).contains(peer);
        if (known == count > 0) {
            return this;
        }
        return orNone(new Interests(
                plain, known ? CopiedArrays.without(peers, peer) : CopiedArrays.with(peers, peer), groups));
    }

    Interests withoutPeer(Peer peer) {
        Interests result = withPeer(peer, null, 0);
        for (GroupInterest group : groups) {
            result = result.withGroup(group.withPeer(peer, 0));
        }
        return result;
    }

    /** Replaces the group of that name; an empty one goes. */
    private Interests withGroup(GroupInterest changed) {
        GroupInterest present = group(changed.name());
        if (present == changed) {
            return this;
        }
        GroupInterest[] others = present == null ? groups : CopiedArrays.without(groups, present);
        return orNone(new Interests(plain, peers, changed.isEmpty() ? others : CopiedArrays.with(others, changed)));
    }

    private static Interests orNone(Interests interests) {
        return interests.isEmpty() ? NONE : interests;
    }

    private static boolean anyService(LocalInterest[] plain, GroupInterest[] groups) {
        for (LocalInterest local : plain) {
            if (local.scope() == Scope.SERVICE) {
                return true;
            }
        }
        for (GroupInterest group : groups) {
            for (LocalInterest member : group.members()) {
                if (member.scope() == Scope.SERVICE) {
                    return true;
                }
            }
        }
        return false;
    }
}
