package io.stanchion.node;

import io.stanchion.gateway.net.GatewayServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The planned end of a node, up to where nobody depends on it any more: leadership goes first, because everybody waits for a leader; then
 * its clients are told to look elsewhere, and parted with one after the other; and what they have sent is answered, wherever they are by
 * then. Nothing here is needed for the safety of data, and all of it is bounded.
 */
final class Retirement {
    private static final Logger log = LoggerFactory.getLogger(Retirement.class);

    /** For clients that go on writing, and for answers to clients that don't come back. */
    private static final long DRAIN_MILLIS_MAX = 3_000;

    private static final long LOOK_MILLIS = 2;

    private final Runnable resignation;
    private final GatewayServer gateway;
    private final LongSupplier parkedBytes;
    private final BooleanSupplier answeredAll;

    /**
     * @param resignation tells the other nodes to send no clients here, and hands leadership over
     * @param parkedBytes of work for the log that waits or is in flight
     * @param answeredAll whether no answer waits for a client that is just changing its connection
     */
    Retirement(Runnable resignation, GatewayServer gateway, LongSupplier parkedBytes, BooleanSupplier answeredAll) {
        this.resignation = resignation;
        this.gateway = gateway;
        this.parkedBytes = parkedBytes;
        this.answeredAll = answeredAll;
    }

    void run(Parting parting) throws InterruptedException {
        resignation.run();
        gateway.becomeLameDuck();
        boolean anyElsewhere = !gateway.othersUrls().isEmpty();
        long clients = gateway.metrics().connections();
        if (clients > 0) {
            log.info("Entering lame duck mode, stop accepting new clients");
            if (anyElsewhere) {
                parting.awaitGrace();
            }
            log.info("Closing existing clients");
            gateway.letGo(left -> {
                if (anyElsewhere) {
                    parting.awaitNext(left);
                }
            });
        }
        awaitDrained(anyElsewhere); // without connections, too: clients may be at a NATS server elsewhere, or just gone
    }

    private void awaitDrained(boolean anyElsewhere) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long begin = System.nanoTime();
        long nanosMax = TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS_MAX);
        while (!isDrained(anyElsewhere)) {
            if (System.nanoTime() - begin > nanosMax) {
                log.info(
                        "not everything could be answered: connections={} unanswered={} bytes",
                        gateway.metrics().connections(),
                        parkedBytes.getAsLong());
                return;
            }
            var unused = never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Where there is no other node, nobody can come back for an answer. */
    private boolean isDrained(boolean anyElsewhere) {
        return gateway.metrics().connections() == 0
                && parkedBytes.getAsLong() == 0
                && (!anyElsewhere || answeredAll.getAsBoolean());
    }
}
