package io.stanchion.node.raft;

import io.stanchion.proto.peer.StandingReply;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The other nodes, and where they are to be found: those of the configuration file, those that this node's log names, and those that other
 * nodes have named. The log counts more than the file. What a node says that hears of a leader counts more than a log that does not; that
 * is forgotten when the log goes on. Thread-safe.
 */
public final class KnownPlaces {
    private final String selfId;
    private final Map<String, GroupMember> inFile;
    private final Consumer<Collection<GroupMember>> onChange;
    private final Lock changing = new ReentrantLock();
    private volatile Map<String, GroupMember> inLog = Map.of();
    private volatile Map<String, GroupMember> told = Map.of();

    /**
     * @param inFile all nodes of the configuration; this one does not matter
     * @param onChange told where to find them all from now on; one call at a time
     */
    public KnownPlaces(String selfId, Collection<GroupMember> inFile, Consumer<Collection<GroupMember>> onChange) {
        this.selfId = selfId;
        this.inFile = byId(inFile);
        this.onChange = onChange;
    }

    private static Map<String, GroupMember> byId(Collection<GroupMember> members) {
        Map<String, GroupMember> byId = new LinkedHashMap<>();
        members.forEach(member -> byId.put(member.nodeId(), member));
        return byId;
    }

    /** IDs of the nodes in the configuration. */
    List<String> inFile() {
        return withoutSelf(inFile.keySet());
    }

    /** IDs of all nodes of which this one has heard. */
    public List<String> all() {
        return withoutSelf(everywhere().keySet());
    }

    /** IDs of the members of the group, as the log has them; while it says nothing, of all. */
    public List<String> members() {
        Map<String, GroupMember> logged = inLog;
        return logged.isEmpty() ? all() : withoutSelf(logged.keySet());
    }

    private List<String> withoutSelf(Set<String> ids) {
        return ids.stream().filter(id -> !id.equals(selfId)).toList();
    }

    /** The members, by the word of another node; none if nobody has said it, or the log has gone on since. */
    List<GroupMember> byHearsay() {
        return List.copyOf(told.values());
    }

    /** Where the others are; not those of which nobody has said it. */
    public List<GroupMember> places() {
        return everywhere().values().stream()
                .filter(place -> !place.nodeId().equals(selfId) && place.peerPort() > 0)
                .toList();
    }

    /** Where the other members of the group are. */
    public List<GroupMember> memberPlaces() {
        Set<String> ids = Set.copyOf(members());
        return places().stream().filter(place -> ids.contains(place.nodeId())).toList();
    }

    private Map<String, GroupMember> everywhere() {
        Map<String, GroupMember> all = new LinkedHashMap<>(inFile);
        inLog.forEach((id, place) -> all.merge(id, place, KnownPlaces::latter));
        told.forEach((id, place) -> all.merge(id, place, KnownPlaces::latter));
        return all;
    }

    /** A log from before the peer port was written there does not tell it. */
    private static GroupMember latter(GroupMember former, GroupMember latter) {
        return latter.peerPort() > 0 ? latter : former;
    }

    /** These are the members now, as the log has them. Says nothing if there are none. */
    public void follow(Collection<GroupMember> members) {
        if (!members.isEmpty()) {
            change(() -> {
                inLog = byId(members);
                told = Map.of();
            });
        }
    }

    /** Another node has said who belongs to the group. One that hears of no leader may be behind: it adds what nobody else has said. */
    void learn(StandingReply reply) {
        if (reply.getMembersCount() > 0) {
            change(() -> {
                Map<String, GroupMember> known = everywhere();
                Map<String, GroupMember> more = new LinkedHashMap<>(told);
                reply.getMembersList().stream()
                        .map(GroupMember::of)
                        .filter(member -> member.peerPort() > 0)
                        .filter(member -> !reply.getLeader().isEmpty() || !known.containsKey(member.nodeId()))
                        .forEach(member -> more.put(member.nodeId(), member));
                told = more;
            });
        }
    }

    private void change(Runnable change) {
        changing.lock();
        try {
            List<GroupMember> before = places();
            change.run();
            List<GroupMember> after = places();
            if (!after.equals(before)) {
                onChange.accept(after);
            }
        } finally {
            changing.unlock();
        }
    }
}
