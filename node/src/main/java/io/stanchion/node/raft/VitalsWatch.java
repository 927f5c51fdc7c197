package io.stanchion.node.raft;

import io.stanchion.raftsm.ratis.StanchionStateMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures once a second how this node fares, tells the others, and gives leadership away when this node is much slower than they are. The
 * thread {@code vitals} owns it.
 */
public final class VitalsWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VitalsWatch.class);

    private static final int LOOKS_BETWEEN_READS = 5;

    private final RaftNode raft;
    private final Consumer<NodeVitals> tell;
    private final RecentMean syncs;
    private final RecentMean applications;
    private final SlowLeader slowLeader = new SlowLeader();
    private final ScheduledExecutorService thread;
    private volatile boolean stopping;
    private long looks;

    /** @param tell passes this node's vitals on to the others */
    public VitalsWatch(RaftNode raft, StanchionStateMachine machine, Consumer<NodeVitals> tell) {
        this.raft = raft;
        this.tell = tell;
        this.syncs = new RecentMean(machine::syncs);
        this.applications = new RecentMean(machine::applications);
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread named = new Thread(task, "vitals");
            named.setDaemon(true);
            return named;
        });
    }

    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** From now on this node tells the others that it wants no leadership. */
    public void announceStop() {
        stopping = true;
        tell.accept(new NodeVitals(uptimeMillis(), 0, 0, true));
    }

    private void look() {
        try {
            NodeVitals own = new NodeVitals(uptimeMillis(), syncs.lookMicros(), applications.lookMicros(), stopping);
            tell.accept(own);
            if (!raft.isLeaderReady() || stopping) {
                slowLeader.forget();
                if (++looks % LOOKS_BETWEEN_READS == 0) {
                    raft.keepInTouch();
                }
                return;
            }
            Optional<SlowLeader.Verdict> verdict =
                    slowLeader.look(System.nanoTime(), own, raft.group().followers());
            if (verdict.isPresent()) {
                log.warn(
                        "STREAM: this leader is slow and gives its leadership away: {}",
                        verdict.get().reason());
                raft.group().transfer(verdict.get().heir());
            }
        } catch (IOException | RuntimeException e) {
            log.warn("could not hand leadership over: {}", e.getMessage());
        }
    }

    private static long uptimeMillis() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
