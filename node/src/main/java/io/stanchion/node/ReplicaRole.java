package io.stanchion.node;

import io.stanchion.node.leader.Leadership;
import io.stanchion.node.raft.RatisLog;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.ratis.RoleListener;
import java.util.List;
import java.util.Objects;
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
    private final Runnable onMembers;
    private final AtomicReference<@Nullable Leadership> leadership = new AtomicReference<>();
    private final AtomicReference<@Nullable RatisLog> raftLog = new AtomicReference<>();
    private final AtomicReference<@Nullable ExternalSide> external = new AtomicReference<>();

    /** @param onMembers called when the group has changed; must return at once */
    ReplicaRole(BiConsumer<String, Throwable> onFault, Runnable onMembers) {
        this.onFault = onFault;
        this.onMembers = onMembers;
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
        log.info("STREAM: server became leader, performing leader promotion actions term={}", term);
        Objects.requireNonNull(leadership.get()).onLeaderReady(term);
        tellLog();
        ExternalSide serves = external.get();
        if (serves != null) {
            serves.onLeaderReady();
        }
        log.info("STREAM: finished leader promotion actions");
        log.info("STREAM: Streaming Server is ready");
    }

    @Override
    public void onEffects(long term, List<Effect> effects) {
        Objects.requireNonNull(leadership.get()).onEffects(term, effects);
    }

    @Override
    public void onNotLeader() {
        ExternalSide serves = external.get();
        if (serves != null) {
            serves.onNotLeader();
        }
        Leadership leads = leadership.get();
        if (leads != null) {
            leads.onNotLeader();
        }
    }

    @Override
    public void onLeaderChanged(String leaderNodeId) {
        log.info("STREAM: leader is {}", leaderNodeId.isEmpty() ? "unknown" : leaderNodeId);
        if (!leaderNodeId.isEmpty()) {
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
    public void onFault(String what, Throwable cause) {
        onFault.accept(what, cause);
    }
}
