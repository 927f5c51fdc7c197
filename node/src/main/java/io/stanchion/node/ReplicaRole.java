package io.stanchion.node;

import io.stanchion.node.leader.Leadership;
import io.stanchion.node.raft.RatisLog;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.ratis.RoleListener;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes this replica's role on to those who live by it. The machine is built before them, and speaks only after the Raft server has
 * started, when all are there.
 */
final class ReplicaRole implements RoleListener {
    private static final Logger log = LoggerFactory.getLogger(ReplicaRole.class);

    private final BiConsumer<String, Throwable> onFault;
    private final Disk disk;
    private final StartLines lines;
    private final AtomicBoolean isLeading = new AtomicBoolean();
    private final Runnable onMembers;
    private final AtomicReference<@Nullable Leadership> leadership = new AtomicReference<>();
    private final AtomicReference<@Nullable RatisLog> raftLog = new AtomicReference<>();
    private final AtomicReference<@Nullable ExternalSide> external = new AtomicReference<>();

    /** @param onMembers called when the group has changed; must return at once */
    ReplicaRole(BiConsumer<String, Throwable> onFault, Disk disk, Runnable onMembers, StartLines lines) {
        this.disk = disk;
        this.onFault = onFault;
        this.onMembers = onMembers;
        this.lines = lines;
    }

    /** What this replica has on disk. */
    interface Disk {
        void compareWithLog(long index, boolean isInstalled) throws IOException;

        void onDamage(String what, Throwable cause);
    }

    void connect(Leadership leads, RatisLog appends) {
        leadership.set(leads);
        raftLog.set(appends);
    }

    /** The clients are elsewhere: only a leader serves them. */
    void connect(ExternalSide serves) {
        external.set(serves);
    }

    @Override
    public void onLeaderReady(long term) {
        lines.onRecovered();
        isLeading.set(true);
        if (lines.isClustered()) {
            log.info("STREAM: server became leader, performing leader promotion actions");
            log.debug("leading term={}", term);
        }
        Objects.requireNonNull(leadership.get()).onLeaderReady(term);
        tellLog();
        ExternalSide serves = external.get();
        if (serves != null) {
            serves.onLeaderReady();
        }
        if (lines.isClustered()) {
            log.info("STREAM: finished leader promotion actions");
        }
        log.info("STREAM: Streaming Server is ready");
    }

    @Override
    public void onEffects(long term, List<Effect> effects) {
        Objects.requireNonNull(leadership.get()).onEffects(term, effects);
    }

    @Override
    public void onNotLeader() {
        boolean wasLeading = isLeading.getAndSet(false) && lines.isClustered();
        if (wasLeading) {
            log.info("STREAM: server lost leadership, performing leader stepdown actions");
        }
        ExternalSide serves = external.get();
        if (serves != null) {
            serves.onNotLeader();
        }
        Leadership leads = leadership.get();
        if (leads != null) {
            leads.onNotLeader();
        }
        if (wasLeading) {
            log.info("STREAM: finished leader stepdown actions");
        }
    }

    @Override
    public void onLeaderChanged(String leaderNodeId) {
        if (lines.isClustered()) {
            log.info("STREAM: leader is {}", leaderNodeId.isEmpty() ? "unknown" : leaderNodeId);
        }
        if (!leaderNodeId.isEmpty()) {
            lines.onRecovered();
            tellLog();
        }
    }

    private void tellLog() {
        RatisLog appends = raftLog.get();
        if (appends != null) {
            appends.onLeaderChanged();
        }
    }

    @Override
    public void onMembersChanged() {
        onMembers.run();
    }

    @Override
    public void onOpened(long index, boolean isInstalled) throws IOException {
        disk.compareWithLog(index, isInstalled);
    }

    @Override
    public void onDamage(String what, Throwable cause) {
        disk.onDamage(what, cause);
    }

    @Override
    public void onFault(String what, Throwable cause) {
        onFault.accept(what, cause);
    }
}
