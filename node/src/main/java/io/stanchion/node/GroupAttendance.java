package io.stanchion.node;

import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.raft.DiskSpace;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.Membership;
import io.stanchion.node.raft.Quarantine;
import io.stanchion.node.raft.RaftNode;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that this node has its place among the members of the group, for as long as it runs. */
final class GroupAttendance {
    private static final Logger log = LoggerFactory.getLogger(GroupAttendance.class);

    private static final long AGAIN_MILLIS = 1_000;

    private final NodeConfig config;
    private final RaftNode raft;
    private final Membership membership;
    private final GroupPlace place;
    private final NodeEvents events;
    private final Quarantine quarantine;

    /** @param events told that the node was removed, that it must start again, or that it cannot go on */
    GroupAttendance(
            NodeConfig config,
            RaftNode raft,
            Membership membership,
            DiskSpace disk,
            NodeEvents events,
            Quarantine quarantine) {
        this.config = config;
        this.raft = raft;
        this.membership = membership;
        this.place = new GroupPlace(raft, Settings.self(config), disk);
        this.events = events;
        this.quarantine = quarantine;
    }

    /** A member without its data, or at another address, is taken in by the others; blocks until it is. */
    void admit() throws IOException, InterruptedException {
        membership.complete(place);
    }

    /** Watches the members from now on, on a thread of its own. */
    void start() {
        if (config.cluster().isAlone()) {
            return;
        }
        warnOfOtherMembers();
        Thread thread = new Thread(this::attend, "membership");
        thread.setDaemon(true);
        thread.start();
    }

    private void attend() {
        try {
            new Tireless("the watch over the members", AGAIN_MILLIS).run(() -> membership.attend(place, new Turns()));
        } catch (IOException e) {
            events.onFault("cannot remember the other nodes", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The file makes up a new cluster; afterwards the log knows best. */
    private void warnOfOtherMembers() {
        List<GroupMember> inLog = raft.members();
        List<GroupMember> inFile = Settings.raft(config).voters();
        if (!inLog.isEmpty() && !areSame(inFile, inLog)) {
            log.warn(
                    "the peers in the configuration are not the members of the cluster, which count: configured={} members={}",
                    inFile,
                    inLog);
        }
    }

    private static boolean areSame(List<GroupMember> inFile, List<GroupMember> inLog) {
        return inFile.size() == inLog.size()
                && inFile.stream().allMatch(member -> inLog.stream().anyMatch(member::isAtPlaceOf));
    }

    private final class Turns implements Membership.Turns {
        @Override
        public void onDoubted(String reason) {
            quarantine.quarantine(reason);
        }

        @Override
        public void onRemoved() {
            events.onRemoved();
        }

        @Override
        public void onMoved(String where) {
            log.warn("{}; starting again under another name, to tell the leader", where);
            events.onRestart(where);
        }
    }
}
