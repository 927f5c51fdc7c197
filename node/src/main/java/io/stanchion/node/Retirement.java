package io.stanchion.node;

import io.stanchion.gateway.net.GatewayServer;
import io.stanchion.node.raft.RaftNode;
import io.stanchion.node.raft.RatisLog;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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

    private final RaftNode raft;
    private final ClusterLinks links;
    private final GatewayServer gateway;
    private final RatisLog raftLog;
    private final BooleanSupplier answeredAll;

    /** @param answeredAll whether no answer waits for a client that is just changing its connection */
    Retirement(
            RaftNode raft, ClusterLinks links, GatewayServer gateway, RatisLog raftLog, BooleanSupplier answeredAll) {
        this.raft = raft;
        this.links = links;
        this.gateway = gateway;
        this.raftLog = raftLog;
        this.answeredAll = answeredAll;
    }

    void run(Parting parting) throws InterruptedException {
        links.withdrawClientUrls();
        raft.group().handOver();
        gateway.becomeLameDuck();
        long clients = gateway.metrics().connections();
        if (clients > 0) {
            log.info("Entering lame duck mode, stop accepting new clients");
            boolean anyElsewhere = !gateway.othersUrls().isEmpty();
            if (anyElsewhere) {
                parting.awaitGrace();
            }
            log.info("Closing existing clients");
            gateway.letGo(left -> {
                if (anyElsewhere) {
                    parting.awaitNext(left);
                }
            });
            awaitDrained(anyElsewhere);
        }
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
                        raftLog.parkedBytes());
                return;
            }
            var unused = never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Where there is no other node, nobody can come back for an answer. */
    private boolean isDrained(boolean anyElsewhere) {
        return gateway.metrics().connections() == 0
                && raftLog.parkedBytes() == 0
                && (!anyElsewhere || answeredAll.getAsBoolean());
    }
}
