package io.stanchion.gateway.connection;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.RouteCache;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop share. Owned by that loop; other threads only hand deliveries over.
 *
 * <p>Whatever is written during one turn of the loop is flushed once at its end, for each connection that was touched. Deliveries of
 * other threads wait in one queue, in order; it is bounded by the budgets of the connections it leads to.
 */
final class Lane {
    private static final int ROUTES = 4096;
    private static final int QUEUE_CHUNK = 1024;
    /** Deliveries taken from the queue before the sockets get their turn again. */
    private static final int DRAIN_MAX = 4096;

    private static final FastThreadLocal<Lane> CURRENT = new FastThreadLocal<>();

    private final EventLoop loop;
    private final RouteCache routes;
    private final MessageLine line = new MessageLine();
    private final Traffic traffic = new Traffic();
    private final Queue<Delivery> handedOver = new MpscUnboundedArrayQueue<>(QUEUE_CHUNK);
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final ArrayDeque<Outbound> touched = new ArrayDeque<>();
    private List<Intake> waitingForService = new ArrayList<>();
    private boolean flushScheduled;
    private boolean congested;

    Lane(EventLoop loop, GatewayState gateway) {
        this.loop = loop;
        this.routes = new RouteCache(gateway.router(), ROUTES);
        gateway.metrics().add(traffic);
        CURRENT.set(this);
    }

    /** Called where a delivery meets a receiver whose queue is long: the publisher, if it is a client, will be slowed down. */
    static void reportCongestion() {
        Lane publishing = CURRENT.getIfExists();
        if (publishing != null) {
            publishing.congested = true;
        }
    }

    EventLoop loop() {
        return loop;
    }

    RouteCache routes() {
        return routes;
    }

    Traffic traffic() {
        return traffic;
    }

    /** The line of a message, encoded when it is first asked for. */
    MessageLine lineOf(Message message) {
        line.encode(message);
        return line;
    }

    /** Reads and forgets whether a receiver was congested since the last call. */
    boolean takeCongestion() {
        boolean was = congested;
        congested = false;
        return was;
    }

    /** On the loop: writes; elsewhere: hands over. */
    void deliver(ClientSubscription subscription, Message message) {
        if (loop.inEventLoop()) {
            drainBefore();
            subscription.write(message);
        } else {
            handOver(subscription, message);
        }
    }

    /** What was handed over before this moment goes first: its publisher may have caused what is written next. */
    void drainBefore() {
        if (!handedOver.isEmpty()) {
            drain(handedOver.size());
        }
    }

    void touch(Outbound outbound) {
        touched.add(outbound);
        if (!flushScheduled) {
            flushScheduled = true;
            loop.execute(this::flushTouched);
        }
    }

    void waitForService(Intake intake) {
        waitingForService.add(intake);
    }

    /** Any thread. */
    void resumePublishers() {
        tryExecute(() -> {
            List<Intake> resumed = waitingForService;
            waitingForService = new ArrayList<>();
            resumed.forEach(Intake::onServiceRelief);
        });
    }

    /** Any thread; a loop that has ended needs no more work. */
    boolean tryExecute(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    void dispose() {
        drain(Integer.MAX_VALUE);
    }

    private void handOver(ClientSubscription subscription, Message message) {
        int budgetBytes = message.content().readableBytes() + Outbound.OVERHEAD_BYTES;
        if (!subscription.connection().outbound().tryReserve(budgetBytes)) {
            return; // the receiver is too slow and is being closed
        }
        message.content().retain();
        handedOver.add(new Delivery(subscription, message, budgetBytes));
        if (!drainScheduled.get() && drainScheduled.compareAndSet(false, true) && !tryExecute(this::drainInTurn)) {
            drainScheduled.set(false);
        }
    }

    private void drainInTurn() {
        drainScheduled.set(false);
        drain(DRAIN_MAX);
        if (!handedOver.isEmpty() && drainScheduled.compareAndSet(false, true)) {
            loop.execute(this::drainInTurn);
        }
    }

    private void drain(int countMax) {
        for (int i = 0; i < countMax; i++) {
            @Nullable Delivery delivery = handedOver.poll();
            if (delivery == null) {
                return;
            }
            Message message = delivery.message();
            delivery.subscription().connection().outbound().returnReserved(delivery.budgetBytes());
            delivery.subscription().write(message);
            message.content().release();
        }
    }

    private void flushTouched() {
        flushScheduled = false;
        for (Outbound outbound = touched.poll(); outbound != null; outbound = touched.poll()) {
            outbound.flush();
        }
    }
}
