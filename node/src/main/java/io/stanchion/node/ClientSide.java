package io.stanchion.node;

import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Requests;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Timers;
import io.stanchion.gateway.net.GatewayServer;
import io.stanchion.gateway.stan.SessionView;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.gateway.stan.StanPorts;
import io.stanchion.gateway.stan.StanService;
import io.stanchion.gateway.stan.StanSubjects;
import io.stanchion.gateway.stan.SubscriptionNames;
import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.raft.RaftNode;
import io.stanchion.node.raft.RatisLog;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All that leads to the clients: the streaming service, and under it the NATS server of this node, or one elsewhere. The parts are closed
 * with those of the node, in the order that its start has made. Started by one thread; afterwards any thread asks.
 */
final class ClientSide {
    private final NodeConfig config;
    private final Router router;
    private final ClusterLinks links;
    private final StanCounters counters;
    private final ScheduledExecutorService timers;
    private final Closing closing;
    private @Nullable StanService service;
    private volatile @Nullable GatewayServer gateway;
    private @Nullable ExternalSide external;

    ClientSide(
            NodeConfig config,
            Router router,
            ClusterLinks links,
            StanCounters counters,
            ScheduledExecutorService timers,
            Closing closing) {
        this.config = config;
        this.router = router;
        this.links = links;
        this.counters = counters;
        this.timers = timers;
        this.closing = closing;
    }

    /** What messages travel by: the router of this node, or a NATS server elsewhere. */
    MessageBus openBus(RaftNode raft, RatisLog raftLog, ReplicaRole role, BiConsumer<String, Throwable> onFault)
            throws IOException, InterruptedException {
        if (!config.streaming().external().isOn()) {
            return router;
        }
        ExternalSide connected =
                closing.add("connection to NATS", ExternalSide.connect(config, raft, raftLog, onFault));
        external = connected;
        role.connect(connected);
        return connected.bus();
    }

    /** Answers streaming requests from now on. */
    void serve(Requests requests, RatisLog raftLog, SessionView sessions, SubscriptionNames names) {
        StanSubjects subjects = new StanSubjects(
                config.streaming().clusterId(), config.streaming().discoverPrefix());
        ExternalSide elsewhere = external;
        if (elsewhere != null) {
            MessageBus bus = elsewhere.admittingBus();
            StanPorts ports = new StanPorts(bus, requests, Timers.of(timers), raftLog, sessions, names, () -> true);
            elsewhere.serve(() -> new StanService(subjects, ports, counters), timers);
            return;
        }
        StanPorts ports =
                new StanPorts(router, requests, Timers.of(timers), raftLog, sessions, names, links::isComplete);
        StanService started = new StanService(subjects, ports, counters);
        started.start();
        service = closing.add("streaming service", started);
    }

    /** Lets clients in, unless they are at a NATS server elsewhere. */
    void listen(RatisLog raftLog) throws IOException {
        if (external != null) {
            gateway = closing.add("gateway", GatewayServer.withoutClients(config.gateway(), router));
            return;
        }
        GatewayServer started = GatewayServer.start(config.gateway(), router, raftLog::isSaturated, links::isComplete);
        raftLog.onRelief(started::resumePublishers);
        gateway = closing.add("gateway", started);
    }

    /** After {@link #listen}. */
    GatewayServer gateway() {
        return Objects.requireNonNull(gateway, "does not listen yet");
    }

    /** Puts those settings in force that may change while clients are connected. */
    void reconfigure(NodeConfig changed) throws IOException {
        GatewayServer present = gateway;
        if (present != null) {
            present.reconfigure(Settings.reloaded(config.gateway(), changed.gateway()));
        }
    }

    /** Where clients of the other nodes connect. */
    void advertise(List<String> urlsOfOthers) {
        GatewayServer present = gateway;
        if (present != null) {
            present.advertise(urlsOfOthers);
        }
    }

    /** 0 if there is none. */
    int port() {
        GatewayServer present = gateway;
        return present == null ? 0 : present.port();
    }

    /** Why clients are not served, in a few words; empty if they are. */
    String unfitReason() {
        ExternalSide elsewhere = external;
        return elsewhere == null ? "" : elsewhere.unfitReason();
    }

    /** Blocks until a node that is alone serves the clients of a NATS server elsewhere. */
    void awaitServing() throws InterruptedException {
        ExternalSide elsewhere = external;
        if (elsewhere != null) {
            elsewhere.awaitServing();
        }
    }

    /** Whether no answer waits for a client that is just changing its connection. */
    boolean hasAnsweredAll() {
        StanService answering = service;
        return answering == null || answering.hasAnsweredAll();
    }
}
