package io.stanchion.node;

import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.config.NodeConfig.Store;
import io.stanchion.node.raft.DataDirectory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the reference tells of its store when it starts, in its words and order: scripts look for these lines. */
final class StartLines {
    private static final Logger log = LoggerFactory.getLogger(StartLines.class);
    private final NodeConfig config;
    private final LongSupplier channels;
    private final AtomicBoolean recovered = new AtomicBoolean();

    /** @param channels that there are now */
    StartLines(NodeConfig config, LongSupplier channels) {
        this.config = config;
        this.channels = channels;
    }

    boolean isClustered() {
        return !config.cluster().isAlone();
    }

    void onStart() {
        if (isClustered()) {
            log.info("STREAM: Cluster Node ID : {}", config.cluster().nodeId());
            log.info(
                    "STREAM: Cluster Log Path: {}",
                    DataDirectory.logIn(config.streaming().directory()));
        }
        log.info("STREAM: Recovering the state...");
    }

    /** The replica is there; only the first time counts. */
    void onRecovered() {
        if (!recovered.compareAndSet(false, true)) {
            return;
        }
        long found = channels.getAsLong();
        log.info(found == 0 ? "STREAM: No recovered state" : "STREAM: Recovered {} channel(s)", found);
        log.info("STREAM: Message store is {}", config.store());
        if (config.store() == Store.FILE) {
            log.info("STREAM: Store location: {}", config.streaming().directory());
        }
        LimitLines.of(config.streaming().limits()).forEach(line -> log.info("STREAM: {}", line));
    }
}
