package io.stanchion.chaos.workload;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.History;
import io.stanchion.chaos.history.HistoryWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client process: residents who subscribe for the whole run, writers, a visitor who subscribes and leaves, and a guest whose sessions are
 * short. Does what it reads from standard
 * input, {@code stop} (publishing) and {@code quit}, and answers {@code ready} and {@code stopped}. It ends with its parent: the input ends.
 */
public final class ClientMain {
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(40);
    private static final int VISITOR_STAYS = 200;

    /** Of so many publishes one goes to each channel, and the rest to the last one, so that it alone comes to its limits. */
    private static final int CYCLE = 10;

    private final ClientPlan plan;
    private final HistoryWriter history;
    private final List<ChaosPublisher> publishers = new ArrayList<>();
    private final AtomicBoolean omits = new AtomicBoolean(true);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final AtomicInteger parties = new AtomicInteger();
    private final @Nullable OddClient odd;
    private volatile @Nullable ChaosClient client;
    private @Nullable ChaosSubscriber visitor;
    private int generation;

    private ClientMain(ClientPlan plan, HistoryWriter history, HistoryWriter oddities) {
        this.plan = plan;
        this.history = history;
        int writers = ClientPlan.PROCESSES * ClientPlan.CHANNELS.size();
        odd = plan.number() == 0
                ? new OddClient(ClientPlan.ODD, plan, writers, ClientPlan.CHANNELS.get(1), oddities)
                : null;
        for (int i = 0; i < ClientPlan.CHANNELS.size(); i++) {
            int writer = plan.number() * ClientPlan.CHANNELS.size() + i;
            publishers.add(new ChaosPublisher(writer, ClientPlan.CHANNELS.get(i), history, plan.seed() + i));
        }
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("com.google.protobuf.use_unsafe_pre22_gencode", "true");
        ClientPlan plan = ClientPlan.fromArguments(args);
        try (HistoryWriter history = new HistoryWriter(plan.historyFile(), plan.name());
                HistoryWriter oddities = new HistoryWriter(
                        plan.historyFile().resolveSibling(ClientPlan.ODD + plan.number() + History.SUFFIX),
                        ClientPlan.ODD)) {
            new ClientMain(plan, history, oddities).run();
        }
        System.exit(0); // threads of the client library may still reconnect
    }

    private void run() throws IOException, InterruptedException {
        open();
        System.out.println("ready");
        Thread publishing = new Thread(this::publishAll, "publish");
        publishing.setDaemon(true);
        publishing.start();
        Thread visiting = new Thread(new Guest(plan, history, stopped)::run, "guest");
        visiting.setDaemon(true);
        visiting.start();
        OddClient strange = odd;
        if (strange != null) {
            Thread beingOdd = new Thread(() -> strange.run(stopped), ClientPlan.ODD);
            beingOdd.setDaemon(true);
            beingOdd.start();
        }
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String order = orders.readLine(); order != null && !order.equals("quit"); order = orders.readLine()) {
            omits.set(false);
            stopped.set(true);
            publishing.join();
            Await.tryUntil(
                    SETTLE_LIMIT,
                    () -> !visiting.isAlive()
                            && publishers.stream().allMatch(ChaosPublisher::isSettled)
                            && (strange == null || strange.isSettled()));
            System.out.println("stopped");
        }
    }

    private void open() throws InterruptedException {
        while (true) {
            lost.set(false);
            ChaosClient fresh = new ChaosClient(plan, plan.name(), history, () -> lost.set(true));
            if (fresh.tryOpen() && subscribeResidents(fresh)) {
                client = fresh;
                return;
            }
            fresh.abandon();
        }
    }

    private boolean subscribeResidents(ChaosClient fresh) throws InterruptedException {
        for (SubscriberPlan resident : plan.residents()) {
            if (!newSubscriber(resident).trySubscribe(fresh.streaming())) {
                return false;
            }
        }
        return true;
    }

    private ChaosSubscriber newSubscriber(SubscriberPlan subscriber) {
        int number = parties.incrementAndGet();
        return new ChaosSubscriber(
                subscriber, subscriber.name() + "#" + number, plan.patience(), history, plan.seed() + number, omits);
    }

    private void publishAll() {
        long interval = TimeUnit.SECONDS.toNanos(1) / plan.perSecond();
        long due = System.nanoTime();
        for (int round = 0; !stopped.get(); round++) {
            try {
                publishOne(round);
            } catch (InterruptedException e) {
                lost.set(true); // nobody of us interrupts: the library has given something up
            }
            // After a stall the writers don't catch up: a storm would hide what the server does by itself.
            due = Math.max(due + interval, System.nanoTime());
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void publishOne(int round) throws InterruptedException {
        if (lost.get()) {
            reopen();
        }
        ChaosClient current = Objects.requireNonNull(client);
        publishers.get(Math.min(round % CYCLE, publishers.size() - 1)).publish(current.streaming());
        if (round % VISITOR_STAYS == VISITOR_STAYS - 1) {
            nextVisitor(current, round / VISITOR_STAYS);
        }
    }

    private void reopen() throws InterruptedException {
        ChaosClient old = client;
        if (old != null) {
            old.abandon();
        }
        visitor = null;
        open();
    }

    /** Visitors with a durable close it once and unsubscribe it the next time. One who can't get in is in the history, and that is all. */
    private void nextVisitor(ChaosClient current, int round) throws InterruptedException {
        if (visitor != null && !visitor.tryEnd(round % 4 == 1 ? Action.CLOSE : Action.UNSUBSCRIBE)) {
            generation++;
        }
        ChaosSubscriber next = newSubscriber(plan.visitor(round, generation));
        visitor = next.trySubscribe(current.streaming()) ? next : null;
        if (visitor == null) {
            generation++;
        }
    }
}
