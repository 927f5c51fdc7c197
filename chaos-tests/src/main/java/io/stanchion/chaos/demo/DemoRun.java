package io.stanchion.chaos.demo;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.DeliveryRecord;
import io.stanchion.chaos.workload.DurableSubscriber;
import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.PublishLedger;
import io.stanchion.chaos.workload.Publisher;
import io.stanchion.chaos.workload.StreamingSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The story of the demo, told once: publish, kill the leader, bring it back, count. The publisher is connected to a follower, so that
 * the kill takes the leader from it but not its connection; one subscriber is connected to each node, so one of them loses both.
 */
final class DemoRun implements AutoCloseable {
    private static final String CHANNEL = "orders";
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(35);
    private static final Duration DELIVER_LIMIT = Duration.ofSeconds(30);
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(60);
    private static final long LIVE_INTERVAL_NANOS = 100_000_000;

    private final DemoSettings settings;
    private final ProcessCluster cluster;
    private final Screen screen;
    private final List<DurableSubscriber> subscribers = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private long lastLiveNanos;
    private @Nullable StreamingSession publishingSession;

    DemoRun(DemoSettings settings, ProcessCluster cluster, Screen screen) {
        this.settings = settings;
        this.cluster = cluster;
        this.screen = screen;
    }

    DemoReport play() throws IOException, InterruptedException {
        NodeProcess leader = startCluster();
        subscribe();
        Publisher publisher = openPublisher(cluster.followersOf(leader).get(0));
        AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();
        Thread publishing = new Thread(() -> publishAll(publisher), "demo-publisher");
        publishing.setDaemon(true);
        publishing.setUncaughtExceptionHandler((thread, problem) -> trouble.set(problem));
        publishing.start();
        PublishLedger ledger = publisher.ledger();

        watchUntil(
                "publishing stopped",
                Duration.ofMinutes(10),
                ledger,
                () -> ledger.published() >= settings.messages() / 3);
        killLeader(leader, ledger);
        watchUntil(
                "publishing stopped",
                Duration.ofMinutes(10),
                ledger,
                () -> ledger.published() >= settings.messages() * 2L / 3);
        boolean caughtUp = bringBack(leader, ledger, publishing);
        watch(SETTLE_LIMIT, ledger, () -> !publishing.isAlive() && ledger.isSettled());
        watch(DELIVER_LIMIT, ledger, () -> missing(ledger).isEmpty());
        if (trouble.get() != null) {
            throw new ClusterException("the publisher failed: " + trouble.get());
        }
        return report(ledger, caughtUp && holdsEverything(leader, ledger));
    }

    private NodeProcess startCluster() {
        screen.line(screen.strong("Stanchion demo") + ": three nodes on this machine, real clients, and a kill -9");
        screen.line("");
        cluster.startAll();
        boolean ready = Await.tryUntil(READY_LIMIT, () -> {
            screen.live("  starting three nodes " + elapsed());
            return cluster.nodes().stream()
                    .allMatch(node -> !node.isAlive() || node.monitor().isReady());
        });
        cluster.awaitReady(ready ? Duration.ofSeconds(1) : Duration.ofMillis(1)); // says which node it was, and why
        NodeProcess leader = cluster.awaitLeader(READY_LIMIT);
        for (NodeProcess node : cluster.nodes()) {
            screen.line(String.format(
                    Locale.ROOT,
                    "  node %s   %s   pid %d%s",
                    node.id(),
                    node.clientUrl(),
                    node.pid(),
                    node == leader ? "   leader" : ""));
        }
        screen.line("  data     " + cluster.directory());
        say("ready");
        return leader;
    }

    private void subscribe() throws IOException, InterruptedException {
        for (NodeProcess node : cluster.nodes()) {
            subscribers.add(DurableSubscriber.open(new DurableSubscriber.Settings(
                    cluster.clusterId(),
                    "demo-subscriber-" + node.id(),
                    cluster.urlsFrom(node),
                    CHANNEL,
                    "demo",
                    1024,
                    Duration.ofSeconds(2))));
        }
    }

    private Publisher openPublisher(NodeProcess node) throws IOException, InterruptedException {
        StreamingSession session = StreamingSession.open(
                cluster.clusterId(), "demo-publisher", cluster.urlsFrom(node), Duration.ofSeconds(30));
        publishingSession = session;
        say("publishing " + DemoReport.number(settings.messages()) + " messages through node " + node.id()
                + "; one durable subscriber on each node");
        return new Publisher(
                session.streaming(), CHANNEL, new NumberedPayload(settings.payloadBytes(), settings.seed()));
    }

    private void publishAll(Publisher publisher) {
        try {
            publisher.publish(settings.messages(), settings.ratePerSecond());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void killLeader(NodeProcess leader, PublishLedger ledger) {
        int before = ledger.acknowledgedCount();
        ledger.resetPause();
        long killed = System.nanoTime();
        long pid = leader.pid();
        leader.kill();
        say(screen.strong("kill -9 " + pid) + ": node " + leader.id() + ", the leader, is dead");
        AtomicReference<@Nullable NodeProcess> next = new AtomicReference<>();
        watchUntil("no node took over", Duration.ofSeconds(30), ledger, () -> {
            next.set(next.get() == null ? cluster.tryLeader() : next.get());
            return next.get() != null && ledger.acknowledgedCount() > before;
        });
        NodeProcess successor = next.get();
        say(String.format(
                Locale.ROOT,
                "node %s leads, %.1f s later; publishing never stopped",
                successor == null ? "?" : successor.id(),
                (System.nanoTime() - killed) / 1e9));
    }

    private boolean bringBack(NodeProcess dead, PublishLedger ledger, Thread publishing) {
        long started = System.nanoTime();
        dead.start();
        say("node " + dead.id() + " is started again, " + DemoReport.number(ledger.acknowledgedCount())
                + " messages are stored by now");
        boolean caughtUp = watch(
                CATCH_UP_LIMIT,
                ledger,
                () -> dead.monitor().isReady() && (publishing.isAlive() || holdsEverything(dead, ledger)));
        say(
                caughtUp
                        ? String.format(
                                Locale.ROOT,
                                "node %s has caught up after %.1f s",
                                dead.id(),
                                (System.nanoTime() - started) / 1e9)
                        : screen.bad("node " + dead.id() + " has not caught up: "
                                + dead.monitor().health()));
        return caughtUp;
    }

    private boolean holdsEverything(NodeProcess node, PublishLedger ledger) {
        return Await.tryUntil(
                Duration.ofSeconds(5), () -> node.monitor().storedMessages() >= ledger.acknowledgedCount());
    }

    private BitSet missing(PublishLedger ledger) {
        BitSet acknowledged = ledger.acknowledged();
        BitSet missing = new BitSet();
        subscribers.forEach(subscriber -> missing.or(subscriber.record().missing(acknowledged)));
        return missing;
    }

    private DemoReport report(PublishLedger ledger, boolean caughtUp) {
        List<DeliveryRecord.Tally> tallies = subscribers.stream()
                .map(subscriber -> subscriber.record().tally())
                .toList();
        int reopened =
                subscribers.stream().mapToInt(DurableSubscriber::reopenedCount).sum();
        return new DemoReport(
                ledger.published(),
                ledger.acknowledgedCount(),
                ledger.failedCount(),
                ledger.failures(),
                tallies,
                missing(ledger).cardinality(),
                ledger.longestPauseMillis(),
                caughtUp,
                reopened);
    }

    private void watchUntil(String failure, Duration limit, PublishLedger ledger, BooleanSupplier done) {
        if (!watch(limit, ledger, done)) {
            throw new ClusterException(failure + " after " + DemoReport.number(ledger.acknowledgedCount())
                    + " acknowledged messages; logs: " + cluster.directory());
        }
    }

    /** Waits with the live line moving. */
    private boolean watch(Duration limit, PublishLedger ledger, BooleanSupplier done) {
        return Await.tryUntil(limit, () -> {
            long now = System.nanoTime();
            if (now - lastLiveNanos >= LIVE_INTERVAL_NANOS) {
                lastLiveNanos = now;
                showLive(ledger);
            }
            return done.getAsBoolean();
        });
    }

    private void showLive(PublishLedger ledger) {
        long delivered = subscribers.stream()
                .mapToLong(subscriber -> subscriber.record().distinct())
                .sum();
        screen.live(String.format(
                Locale.ROOT,
                "  %s %s  published %s  acknowledged %s  delivered %s",
                elapsed(),
                screen.bar(ledger.acknowledgedCount(), settings.messages()),
                DemoReport.number(ledger.published()),
                DemoReport.number(ledger.acknowledgedCount()),
                DemoReport.number(delivered)));
    }

    private void say(String text) {
        screen.line("  " + screen.soft(elapsed()) + " " + text);
    }

    private String elapsed() {
        return String.format(Locale.ROOT, "%5.1f s", (System.nanoTime() - startNanos) / 1e9);
    }

    @Override
    public void close() throws InterruptedException {
        StreamingSession session = publishingSession;
        if (session != null) {
            session.close();
        }
        for (DurableSubscriber subscriber : subscribers) {
            subscriber.close();
        }
    }
}
