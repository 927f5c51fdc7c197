package io.stanchion.node.raft;

import io.stanchion.raftsm.ratis.RaftTransport;
import java.nio.file.Path;
import org.apache.ratis.conf.RaftProperties;

/** Ratis' settings, with the reason where the default would hurt. */
final class RatisProperties {
    private RatisProperties() {}

    static RaftProperties of(RaftSettings settings, Path storage) {
        RaftProperties properties = new RaftProperties();
        properties.set("raft.server.storage.dir", storage.toString());
        RaftTransport.use(properties);
        properties.set("raft.grpc.server.host", settings.bindHost());
        properties.setInt("raft.grpc.server.port", settings.self().raftPort());
        elections(properties, settings);
        log(properties, settings.isLasting());
        snapshots(properties);
        limits(properties);
        return properties;
    }

    private static void elections(RaftProperties properties, RaftSettings settings) {
        String min = settings.electionMinMillis() + "ms";
        String max = settings.electionMaxMillis() + "ms";
        properties.set("raft.server.rpc.timeout.min", min);
        properties.set("raft.server.rpc.timeout.max", max);
        // A group of one has nobody to wait for.
        boolean alone = settings.voters().size() == 1;
        properties.set("raft.server.rpc.first-election.timeout.min", alone ? "10ms" : min);
        properties.set("raft.server.rpc.first-election.timeout.max", alone ? "20ms" : max);
        // The default keeps a leader that lost touch for a moment from standing again for ten seconds.
        properties.set("raft.server.leaderelection.leader.step-down.wait-time", "3s");
        properties.set("raft.server.read.option", "LINEARIZABLE");
        properties.set("raft.server.read.leader.lease.enabled", "true");
    }

    private static void log(RaftProperties properties, boolean isLasting) {
        // An entry and an fsync more for nearly every write; it only helps after the loss of a majority.
        properties.set("raft.server.log.log-metadata.enabled", "false");
        // Serializes a follower's appends: half the throughput.
        properties.set("raft.server.log.append-entries.compose.enabled", "false");
        // A pause between two appends to one follower: 1.7 ms instead of 0.6 ms for a publisher that waits for each
        // message.
        properties.set("raft.server.log.appender.wait-time.min", "0ms");
        // Ends in waits of 1 s and 5 s by default: a node that was away for a moment would stay without a leader for as
        // long.
        properties.set("raft.server.log.appender.retry.policy", "1ms,10, 100ms,1000000000");
        // A commit must never be ahead of this node's own disk, if the log shall survive the machine.
        properties.set("raft.server.log.unsafe-flush.enabled", Boolean.toString(!isLasting));
        properties.set("raft.server.log.async-flush.enabled", "false");
        // Never cut entries that this node has acknowledged.
        properties.set("raft.server.log.corruption.policy", "EXCEPTION");
        properties.set("raft.server.log.segment.size.max", "16MB");
        properties.set("raft.server.log.preallocated.size", "4MB");
        properties.set("raft.server.log.segment.cache.num.max", "2");
        properties.set("raft.server.log.segment.cache.size.max", "32MB");
        properties.set("raft.server.log.write.buffer.size", "8MB");
        properties.set("raft.server.log.appender.buffer.byte-limit", "4MB");
    }

    private static void snapshots(RaftProperties properties) {
        // A follower that lags too far pulls a checkpoint; Ratis' own transfer blocks its heartbeats.
        properties.set("raft.server.log.appender.install.snapshot.enabled", "false");
        // Snapshots are triggered by bytes and time, see LogBudget; entries alone say little.
        properties.set("raft.server.snapshot.auto.trigger.enabled", "false");
        properties.set("raft.server.snapshot.creation.gap", "1");
        // A dead peer must not pin the log for ever.
        properties.set("raft.server.log.purge.upto.snapshot.index", "true");
        properties.set("raft.server.log.purge.gap", "1");
        properties.set("raft.server.staging.catchup.gap", "1000");
        properties.set("raft.server.staging.timeout", "60s");
    }

    private static void limits(RaftProperties properties) {
        properties.set("raft.server.write.element-limit", "4096");
        properties.set("raft.server.write.byte-limit", "64MB");
        properties.set("raft.server.retrycache.expirytime", "5s");
        properties.set("raft.grpc.message.size.max", "64MB");
        properties.set("raft.grpc.flow.control.window", "4MB");
    }
}
