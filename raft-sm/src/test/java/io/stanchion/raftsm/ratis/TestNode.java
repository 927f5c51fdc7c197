package io.stanchion.raftsm.ratis;

import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.store.CheckpointSource;
import io.stanchion.raftsm.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** A Ratis server with our state machine, on a port of its own. Its directory survives a stop. */
final class TestNode {
    private static final AtomicLong CALL_IDS = new AtomicLong();

    private final RaftPeer peer;
    private final RaftGroup group;
    private final Path directory;
    private final LogBudget budget;
    private final AtomicLong clockNanos;
    private final AtomicLong monotonicNanos;
    private final CheckpointSource source;

    final RecordingRole role = new RecordingRole();
    final AtomicInteger snapshotsDue = new AtomicInteger();

    /** Takes effect at the next start. */
    volatile Encryption encryption = Encryption.off();

    private RaftServer server;
    private StanchionStateMachine machine;

    TestNode(
            RaftPeer peer,
            RaftGroup group,
            Path directory,
            LogBudget budget,
            AtomicLong clockNanos,
            AtomicLong monotonicNanos,
            CheckpointSource source) {
        this.peer = peer;
        this.group = group;
        this.directory = directory;
        this.budget = budget;
        this.clockNanos = clockNanos;
        this.monotonicNanos = monotonicNanos;
        this.source = source;
    }

    void start() throws IOException {
        role.leadingTerm.set(0);
        machine = new StanchionStateMachine(new ReplicaSetup(
                directory,
                StoreSettings.defaults(),
                budget,
                encryption,
                () -> Instant.ofEpochSecond(0, clockNanos.get()),
                monotonicNanos::get,
                role,
                source,
                snapshotsDue::incrementAndGet));
        server = RaftServer.newBuilder()
                .setServerId(peer.getId())
                .setGroup(group)
                .setStateMachine(machine)
                .setProperties(properties())
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        server.start();
    }

    private RaftProperties properties() {
        RaftProperties properties = new RaftProperties();
        RaftTransport.use(properties);
        GrpcConfigKeys.Server.setPort(
                properties, Integer.parseInt(peer.getAddress().replaceAll(".*:", "")));
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(directory.resolve("raft").toFile()));
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, TimeDuration.valueOf(400, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, TimeDuration.valueOf(800, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("1KB"));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("1KB"));
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1L);
        return properties;
    }

    void stop() throws IOException {
        server.close();
    }

    String id() {
        return peer.getId().toString();
    }

    Path directory() {
        return directory;
    }

    StanchionStateMachine machine() {
        return machine;
    }

    RaftServer.Division division() throws IOException {
        return server.getDivision(group.getGroupId());
    }

    boolean isLeading() {
        return role.leadingTerm.get() > 0;
    }

    BatchReply submit(Batch batch) throws Exception {
        RaftClientReply reply = send(batch.toByteArray());
        return BatchReply.parseFrom(reply.getMessage().getContent().toByteArray());
    }

    RaftClientReply send(byte[] bytes) throws Exception {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(ClientId.randomId())
                .setServerId(peer.getId())
                .setGroupId(group.getGroupId())
                .setCallId(CALL_IDS.incrementAndGet())
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes)))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        return successful(server.submitClientRequestAsync(request));
    }

    /** Returns the index up to which the log may be purged. */
    long snapshot() throws Exception {
        return successful(server.snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                        ClientId.randomId(), peer.getId(), group.getGroupId(), CALL_IDS.incrementAndGet(), 20_000)))
                .getLogIndex();
    }

    private static RaftClientReply successful(CompletableFuture<RaftClientReply> future) throws Exception {
        try {
            RaftClientReply reply = future.get(20, TimeUnit.SECONDS);
            if (reply.getException() != null) {
                throw reply.getException();
            }
            return reply;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** The first entry in the log. */
    long logStart() throws IOException {
        return division().getRaftLog().getStartIndex();
    }
}
