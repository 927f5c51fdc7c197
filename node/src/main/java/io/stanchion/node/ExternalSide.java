package io.stanchion.node;

import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.external.ExternalNats;
import io.stanchion.gateway.stan.StanService;
import io.stanchion.gateway.stan.StanSubjects;
import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.peer.OperatorCalls;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.RaftNode;
import io.stanchion.node.raft.RatisLog;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streaming service as a client of a NATS server elsewhere. Every node is connected, but only the leader subscribes: were it two,
 * each would store what is published. A queue group would not help, because the server keeps a dead member for minutes and sends it its
 * share.
 *
 * <p>A leader that is cut off from its followers learns late that it has a successor. So it lets requests wait as soon as it has not heard
 * of a majority for less time than its followers need to elect another, and drops them when it has lost.
 */
final class ExternalSide implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ExternalSide.class);
    private static final long PROBE_MILLIS = 250;
    private static final long LOOK_MILLIS = 50;

    private final NodeConfig config;
    private final ExternalNats nats;
    private final RaftNode raft;
    private final RatisLog raftLog;
    private final Admission admission = new Admission(this::isClear);

    /** Ratis tells of roles on its threads, and the node is closed on another. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable StanService serving;
    private volatile boolean serves;
    private volatile boolean closed;
    private final Patience patience = new Patience();
    private volatile boolean heard = true;
    private volatile @Nullable Supplier<StanService> newService;

    private ExternalSide(NodeConfig config, ExternalNats nats, RaftNode raft, RatisLog raftLog) {
        this.config = config;
        this.nats = nats;
        this.raft = raft;
        this.raftLog = raftLog;
    }

    /**
     * Connects.
     *
     * @throws IOException if there is no connection, or another streaming server serves these clients
     */
    static ExternalSide connect(
            NodeConfig config, RaftNode raft, RatisLog raftLog, BiConsumer<String, Throwable> onFault)
            throws IOException, InterruptedException {
        String name = "_NSS-" + config.streaming().clusterId() + "-general";
        ExternalNats nats = ExternalNats.connect(
                config.streaming().external(),
                name,
                reason -> onFault.accept("the NATS server does not let us in any more", new OutsideFault(reason)));
        try {
            if (config.cluster().isAlone()) {
                refuseRival(config, nats);
            }
        } catch (IOException | InterruptedException e) {
            nats.close();
            throw e;
        }
        log.info(
                "STREAM: connected to NATS at {}", config.streaming().external().shownUrls());
        return new ExternalSide(config, nats, raft, raftLog);
    }

    /** An empty request: every streaming server answers it, and none takes it for a session. */
    private static void refuseRival(NodeConfig config, ExternalNats nats) throws IOException, InterruptedException {
        String clusterId = config.streaming().clusterId();
        StanSubjects subjects = new StanSubjects(clusterId, config.streaming().discoverPrefix());
        if (nats.answers(subjects.connects(), PROBE_MILLIS)) {
            throw new IOException("discovered another streaming server with cluster ID \"" + clusterId + "\"");
        }
    }

    /** For everything but requests of clients. */
    MessageBus bus() {
        return nats;
    }

    /** For the service, whose requests are let in as this node may serve them. */
    MessageBus admittingBus() {
        return new AdmittingBus(nats, admission::await);
    }

    /** @param factory makes the service of one term; on the bus of {@link #admittingBus()} */
    void serve(Supplier<StanService> factory, ScheduledExecutorService timers) {
        newService = factory;
        raftLog.onRelief(admission::look);
        if (!config.cluster().isAlone()) {
            var unused = timers.scheduleWithFixedDelay(
                    new Steady("the look at NATS and the followers", this::look),
                    LOOK_MILLIS,
                    LOOK_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    void onLeaderReady() {
        lock.lock();
        try {
            endService();
            Supplier<StanService> factory = newService;
            if (factory != null && !closed) {
                StanService service = factory.get();
                serving = service;
                heard = true;
                admission.open();
                service.start();
                serves = true;
            }
        } finally {
            lock.unlock();
        }
    }

    void onNotLeader() {
        admission.close(); // before the lock: nothing more is let in
        lock.lock();
        try {
            endService();
        } finally {
            lock.unlock();
        }
    }

    private void endService() {
        admission.close();
        StanService service = serving;
        if (service != null) {
            serving = null;
            serves = false;
            service.close();
        }
    }

    /**
     * A node that is alone is ready when its clients find it; until then the NATS server tells them that nobody is there. It may have a
     * long log to read first, so there is no limit.
     */
    void awaitServing() throws InterruptedException {
        if (config.cluster().isAlone()) {
            admission.awaitOpen();
            if (!nats.flush()) {
                log.warn("STREAM: the NATS server is slow to let us subscribe");
            }
        }
    }

    /** Empty if there is a connection, and clients are served if this node leads. */
    String unfitReason() {
        if (!nats.isConnected()) {
            return "not connected to NATS at " + config.streaming().external().shownUrls();
        }
        return raft.isLeader() && !serves ? "leader does not serve yet" : "";
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        onNotLeader();
        nats.close();
    }

    private boolean isClear() {
        return heard && !raftLog.isSaturated();
    }

    private void look() {
        boolean leads = admission.isOpen();
        boolean isHeard = false; // unless Ratis can tell, which it can't for a moment while it changes roles
        try {
            isHeard = !leads || raft.isHeardByMajority(config.cluster().electionTimeoutMillisMin() * 3 / 4);
        } finally {
            heard = isHeard;
            admission.look();
        }
        if (patience.isOver(leads && !nats.isConnected(), System.nanoTime())) {
            Thread thread = new Thread(this::handOver, "nats-hand-over");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Only to a node that can serve: if no node is connected, a leader that wanders from one to the next helps nobody. */
    private void handOver() {
        Optional<GroupMember> heir = raft.members().stream()
                .filter(member -> !member.nodeId().equals(config.cluster().nodeId()))
                .filter(ExternalSide::isFit)
                .findFirst();
        if (heir.isEmpty()) {
            log.warn("STREAM: leading without a connection to NATS, and no other node has one; staying the leader");
            return;
        }
        log.warn("STREAM: leading without a connection to NATS, handing leadership over");
        try {
            raft.group().transfer(heir.get().nodeId());
        } catch (IOException e) {
            log.warn("could not hand leadership over to={}: {}", heir.get().nodeId(), e.getMessage());
        }
    }

    /** As it says of itself, its connection to NATS included. */
    private static boolean isFit(GroupMember member) {
        try {
            return OperatorCalls.status(member.host(), member.peerPort())
                    .getUnfitReason()
                    .isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** How long a leader waits for its connection: longer each time, as the others may have none either. */
    private static final class Patience {
        private static final long NANOS_MIN = 2_000_000_000L;
        private static final long NANOS_MAX = 60_000_000_000L;

        private long nanos = NANOS_MIN;
        private long sinceNanos;
        private boolean waits;

        boolean isOver(boolean isWaiting, long nowNanos) {
            if (!isWaiting) {
                waits = false;
                return false;
            }
            if (!waits) {
                waits = true;
                sinceNanos = nowNanos;
            }
            if (nowNanos - sinceNanos < nanos) {
                return false;
            }
            waits = false;
            nanos = Math.min(NANOS_MAX, nanos * 2);
            return true;
        }
    }
}
