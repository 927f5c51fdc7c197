package io.stanchion.node;

import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Nuid;
import io.stanchion.gateway.core.Requests;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Timers;
import io.stanchion.gateway.net.GatewayServer;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.node.compare.ReplicaComparison;
import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.config.StreamingConfig;
import io.stanchion.node.leader.Clocks;
import io.stanchion.node.leader.LeaderPorts;
import io.stanchion.node.leader.LeaderSettings;
import io.stanchion.node.leader.Leadership;
import io.stanchion.node.monitor.MonitorServer;
import io.stanchion.node.monitor.NodeFacts;
import io.stanchion.node.monitor.NodeView;
import io.stanchion.node.peer.PeerMesh;
import io.stanchion.node.raft.DataDirectory;
import io.stanchion.node.raft.DataDirectoryException;
import io.stanchion.node.raft.DiskSpace;
import io.stanchion.node.raft.LeaderRoute;
import io.stanchion.node.raft.Membership;
import io.stanchion.node.raft.PromiseBook;
import io.stanchion.node.raft.Quarantine;
import io.stanchion.node.raft.RaftConnections;
import io.stanchion.node.raft.RaftNode;
import io.stanchion.node.raft.RatisLog;
import io.stanchion.node.raft.Scrub;
import io.stanchion.node.raft.VitalsWatch;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.ratis.LogBudget;
import io.stanchion.raftsm.ratis.ReplicaSetup;
import io.stanchion.raftsm.ratis.StanchionStateMachine;
import io.stanchion.raftsm.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node. Built and started by {@link #start}, stopped by {@link #close}; both block, and belong to one thread.
 *
 * <p>The client port opens before the Raft server is up: what clients ask meanwhile is parked and answered when there is a leader.
 */
public final class StanchionNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StanchionNode.class);
    private static final int REQUESTS_MAX = 100_000;
    private static final int SNAPSHOT_ENTRIES_MAX = 50_000;
    private static final long SNAPSHOT_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final String HAND_OVER = "leadership hand-over";

    /** Of this run of the streaming server. */
    private final String streamingId = Nuid.next();

    private final NodeConfig config;
    private final BiConsumer<String, Throwable> onFault;
    private final Closing closing = new Closing();
    private final Router router = new Router();
    private final StanCounters counters = new StanCounters();
    private final ScheduledExecutorService timers;
    private final Encryption encryption;
    private final DataDirectory data;
    private final StanchionStateMachine machine;
    private final ReplicaNames names;
    private final StartLines lines;
    private final ReplicaRole role;
    private final ClusterLinks links;
    private final RatisLog raftLog;
    private volatile @Nullable Leadership leadership;
    private final RaftNode raft;
    private final RaftConnections connections;
    private final VitalsWatch vitals;
    private final Membership membership;
    private final DiskSpace disk;
    private final GroupAttendance attendance;
    private final ReplicaComparison comparison;
    private final NodeEvents events;
    private final Quarantine quarantine;
    private final Fitness fitness;
    private final ClientSide clients;
    private @Nullable MonitorServer monitor;

    /** @param events told each at most once */
    public static StanchionNode start(NodeConfig config, NodeEvents events) throws IOException, InterruptedException {
        StanchionNode node = new StanchionNode(config, events);
        try {
            node.run();
            return node;
        } catch (IOException | InterruptedException | RuntimeException | LinkageError e) {
            node.closing.close();
            throw e;
        }
    }

    private StanchionNode(NodeConfig config, NodeEvents events) throws IOException {
        this.config = config;
        this.onFault = events::onFault;
        this.events = events;
        this.encryption = newEncryption(config.streaming());
        this.data = closing.add("data directory", openData(config, root(), encryption));
        // What is asked of it while the node stops has no meaning any more.
        this.timers = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread thread = new Thread(task, "node-timers");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        closing.add("timers", timers::shutdownNow);
        this.lines = new StartLines(config, this::channels);
        this.role = new ReplicaRole(onFault, newDisk(), () -> timers.execute(this::followGroup), lines);
        this.links = new ClusterLinks(config, router, data.incarnation());
        this.clients = new ClientSide(config, router, links, counters, timers, closing);
        this.machine = newMachine();
        this.names = new ReplicaNames(machine::view);
        this.raft = closing.add("raft", new RaftNode(Settings.raft(config), data, machine, links::vitals));
        this.connections = new RaftConnections(raft);
        this.vitals = closing.add("vitals", new VitalsWatch(raft, machine, links::tell));
        this.membership = new Membership(data, Settings.self(config), links.known(), links, closing::isClosing);
        this.disk = new DiskSpace(data.root(), config.streaming().disk().freeBytesMin());
        this.quarantine = newQuarantine();
        this.attendance = new GroupAttendance(config, raft, membership, disk, events, quarantine);
        this.fitness = new Fitness(
                config.cluster().isAlone(),
                raft,
                membership,
                quarantine,
                clients::unfitReason,
                machine::isInstallOverdue,
                events);
        this.raftLog = newLog();
        this.comparison = newComparison();
        role.connect(comparison);
    }

    private ReplicaComparison newComparison() {
        return new ReplicaComparison(
                config.cluster().nodeId(),
                raftLog,
                new ComparedReplica(raft, machine),
                quarantine::quarantine,
                TimeUnit.MILLISECONDS.toNanos(config.cluster().compareMillis()),
                System::nanoTime);
    }

    private ReplicaRole.Disk newDisk() {
        return new ReplicaRole.Disk() {
            @Override
            public void compareWithLog(long index, boolean isInstalled) throws IOException {
                raft.compareWithLog(index, isInstalled);
            }

            @Override
            public void onDamage(String what, Throwable cause) {
                quarantine.quarantineNow(what, cause);
            }
        };
    }

    private Quarantine newQuarantine() {
        Quarantine.Node self = new Quarantine.Node() {
            @Override
            public void handOver() {
                raft.group().handOver();
            }

            @Override
            public void restart(String reason) {
                events.onRestart(reason);
            }

            @Override
            public void end(String reason, Throwable cause) {
                events.onFault(reason, cause);
            }
        };
        return new Quarantine(data, new GroupOthers(raft, links, data), self, closing::isClosing);
    }

    /** Takes this node's data out of use. */
    public Quarantine quarantine() {
        return quarantine;
    }

    private Path root() throws IOException {
        return config.store() == NodeConfig.Store.MEMORY
                ? closing.add("memory store", MemoryStore.create()).directory()
                : config.streaming().directory();
    }

    private static Encryption newEncryption(StreamingConfig streaming) {
        if (!streaming.encryption().warning().isEmpty()) {
            log.warn("{}", streaming.encryption().warning());
        }
        return streaming.encryption().derive(streaming.clusterId());
    }

    private static DataDirectory openData(NodeConfig config, Path root, Encryption encryption) throws IOException {
        StreamingConfig streaming = config.streaming();
        try {
            return DataDirectory.open(
                    root, streaming.clusterId(), config.cluster().nodeId(), encryption, System.currentTimeMillis());
        } catch (DataDirectoryException e) {
            throw new IOException(streaming.directoryPlace() + ": " + e.getMessage(), e);
        }
    }

    private StanchionStateMachine newMachine() {
        LogBudget budget =
                new LogBudget(config.streaming().log().diskBytes(), SNAPSHOT_ENTRIES_MAX, SNAPSHOT_INTERVAL_NANOS);
        return new StanchionStateMachine(new ReplicaSetup(
                data.root(),
                StoreSettings.defaults(),
                budget,
                encryption,
                new GroupClock(Clock.systemUTC(), links::clocks, links::size),
                System::nanoTime,
                role,
                links.checkpoints(),
                this::takeSnapshot));
    }

    private long channels() {
        return machine.view().totals().channels();
    }

    /** Puts those settings in force that a leader may change while it leads; any thread. */
    public void reconfigure(NodeConfig changed) {
        Leadership present = leadership;
        if (present != null) {
            present.reconfigure(Settings.leader(changed));
        }
    }

    /** Puts those settings in force that may change while clients are connected; any thread. */
    void reconfigureClients(NodeConfig changed) throws IOException {
        clients.reconfigure(changed);
    }

    private void takeSnapshot() {
        raft.takeSnapshot();
    }

    private RatisLog newLog() {
        LeaderRoute route = new LeaderRoute(config.cluster().nodeId(), raft, links::append);
        return new RatisLog(config.cluster().nodeId(), data, Settings.log(config), route, System::nanoTime, onFault);
    }

    private void run() throws IOException, InterruptedException {
        log.info("STREAM: ServerID: {}", streamingId);
        MessageBus bus = clients.openBus(raft, raftLog, role, onFault);
        Requests requests = closing.add("requests", new Requests(bus, Timers.of(timers), REQUESTS_MAX));
        Leadership leads = closing.add("leadership", newLeadership(bus, requests));
        leadership = leads;
        role.connect(leads, raftLog);
        raftLog.start();
        closing.add("log", raftLog);
        closing.add("peers", links);
        clients.serve(requests, raftLog, new ReplicaSessions(machine), names);
        serveOperators(bus);
        clients.listen(raftLog);
        startMonitor();
        log.info("Server is ready");
        closing.add(HAND_OVER, () -> raft.group().handOver());
        PromiseBook promises = new PromiseBook(data);
        PeerDoor door = new PeerDoor(
                config.cluster().nodeId(),
                data,
                machine,
                membership,
                promises,
                fitness::unfitReason,
                comparison::facts);
        links.start(door, data.incarnation(), clients.gateway().ownUrls(), meshEvents());
        lines.onStart();
        leads.rehearse();
        startRaft();
        door.open(raft);
        vitals.start();
        GroupSpace space = new GroupSpace(config.cluster().nodeId(), disk, raft, promises, raftLog::refusePublishes);
        everySecond("watching the replica", fitness::watch);
        everySecond("watching Raft's connections", connections::look);
        everySecond("watching the disk", space::look);
        everySecond("telling the others the time", links::tellTime);
        everySecond("comparing replicas", comparison::tick);
        attendance.admit();
        closing.add("scrub", new Scrub(data, machine, Settings.scrub(config), quarantine::quarantine))
                .start();
        timers.execute(this::followGroup);
        attendance.start();
        clients.awaitServing();
        log.debug("all parts are started");
    }

    private PeerMesh.Events meshEvents() {
        return new PeerMesh.Events() {
            @Override
            public void onUrls(List<String> urls) {
                clients.advertise(urls);
            }

            @Override
            public void onLost(String nodeId) {
                connections.hangUp(nodeId);
            }
        };
    }

    private void everySecond(String name, Runnable task) {
        var unused = timers.scheduleWithFixedDelay(new Steady(name, task), 1, 1, TimeUnit.SECONDS);
    }

    private void startRaft() throws IOException, InterruptedException {
        try {
            if (config.streaming().disk().cutsDamagedEnd()) {
                data.cutDamagedEndOfLog();
            }
            raft.start(membership.mayVote());
        } catch (IOException | RuntimeException e) {
            String reason = Quarantine.damageIn(e);
            if (reason.isEmpty()) {
                throw e;
            } else if (config.cluster().isAlone()) {
                throw new IOException(
                        config.streaming().directoryPlace() + ": data directory " + data.root() + " is damaged: "
                                + reason + "; there is no other node to get it from, restore it from a copy, or if"
                                + " power was lost in the midst of a write, start once with -file_truncate_bad_eof",
                        e);
            }
            quarantine.noteAtStart(reason);
            throw new QuarantinedException(reason, e);
        }
    }

    /** On the timers' thread only. */
    private void followGroup() {
        links.follow(raft.members());
    }

    private Leadership newLeadership(MessageBus bus, Requests requests) {
        LeaderSettings settings = Settings.leader(config);
        Clocks clocks = new Clocks(machine::logClockNanos, System::nanoTime, System::currentTimeMillis);
        return new Leadership(
                settings,
                new LeaderPorts(
                        bus,
                        requests,
                        raftLog,
                        machine.messages(),
                        counters,
                        clocks,
                        names::clientOf,
                        this::onLeaderFault));
    }

    /** The replica itself may be well: another one, which can read what this one can't, is to lead. */
    private void onLeaderFault(String what, Throwable cause) {
        String damage = Quarantine.damageIn(cause);
        if (damage.isEmpty()) {
            onFault.accept(what, cause);
        } else if (config.cluster().isAlone()) {
            quarantine.quarantineNow(damage, cause);
        } else {
            quarantine.quarantine(damage);
        }
    }

    private void serveOperators(MessageBus bus) {
        if (config.cluster().allowsAddRemoveNode() && !config.cluster().isAlone()) {
            closing.add(
                    "node requests",
                    new NodeRequests(
                            bus,
                            raft,
                            config.streaming().clusterId(),
                            Settings.raft(config).voters()));
        }
    }

    /** Where it is reached. */
    ProcessFiles.Listeners listeners() throws IOException {
        int port = clientPort();
        int monitoring = monitorPort();
        return new ProcessFiles.Listeners(
                port == 0 ? List.of() : GatewayServer.urlsOf(config.gateway().host(), port),
                monitoring == 0
                        ? List.of()
                        : GatewayServer.urlsOf(config.monitor().host(), monitoring));
    }

    private void startMonitor() throws IOException {
        if (config.monitor().isOn()) {
            GatewayServer server = clients.gateway();
            NodeFacts.Address address = new NodeFacts.Address(
                    config.monitor().host(), config.monitor().port());
            NodeView view = new RunningView(
                    fitness::unfitReason,
                    fitness::quarantineReason,
                    disk,
                    raft,
                    comparison,
                    raftLog,
                    role,
                    new RaftLogFiles(data.raft()),
                    machine,
                    links,
                    server,
                    counters);
            monitor = closing.add(
                    "monitor",
                    MonitorServer.start(address, Settings.facts(config, server, streamingId), view, Clock.systemUTC()));
        }
    }

    /** 0 if there is no monitoring. */
    public int monitorPort() {
        MonitorServer present = monitor;
        return present == null ? 0 : present.port();
    }

    /** The port that clients connect to. */
    public int clientPort() {
        return clients.port();
    }

    /** Why this node should not be sent clients, in a few words; empty if it is fit. */
    public String unfitReason() {
        return fitness.unfitReason();
    }

    public boolean isLeader() {
        return raft.isLeader();
    }

    /**
     * Makes this node one that nobody depends on any more; {@link #close} comes next. Blocks for as long as the clients are given, and a few
     * seconds more at most.
     */
    void retire(Parting parting) throws InterruptedException {
        fitness.retire();
        vitals.announceStop();
        new Retirement(this::resign, clients.gateway(), raftLog::parkedBytes, clients::hasAnsweredAll).run(parting);
    }

    private void resign() {
        links.withdrawClientUrls();
        raft.group().handOver();
    }

    /** Hands leadership over, stops serving, writes what is to be written. */
    @Override
    public void close() {
        closing.close();
    }

    /** Stops without a word to the other nodes, so that they must find out by themselves: what a crash looks like to them. */
    public void abandon() {
        closing.forget(HAND_OVER);
        closing.close();
    }
}
