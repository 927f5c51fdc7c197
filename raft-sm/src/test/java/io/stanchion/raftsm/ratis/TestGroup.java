package io.stanchion.raftsm.ratis;

import static org.awaitility.Awaitility.await;

import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.store.Checkpoint;
import io.stanchion.raftsm.store.LogPosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;

/** Some nodes of one group. They pull checkpoints from each other by copying files. */
final class TestGroup implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Nothing of the log is kept behind a snapshot. */
    static final LogBudget KEEP_NOTHING = new LogBudget(1 << 30, 0, Long.MAX_VALUE);

    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(8_500));

    /** The wall clock of all nodes; monotonic time stands still when it is set. */
    final AtomicLong clockNanos = new AtomicLong(1_000_000_000L);

    final AtomicLong monotonicNanos = new AtomicLong();
    final AtomicInteger pulls = new AtomicInteger();

    /** At the end of each pull, before Ratis hears of it. */
    volatile Runnable onPulled = () -> {};

    /** So many pulls fail before one succeeds. */
    final AtomicInteger failingPulls = new AtomicInteger();

    private final List<TestNode> nodes = new ArrayList<>();
    private final ConcurrentHashMap<String, TestNode> running = new ConcurrentHashMap<>();

    TestGroup(Path directory, int size, LogBudget budget) throws IOException {
        this(directory, budget, Collections.nCopies(size, Encryption.off()));
    }

    /** One node for each of these. */
    TestGroup(Path directory, LogBudget budget, List<Encryption> encryptions) throws IOException {
        List<RaftPeer> peers = new ArrayList<>();
        for (int i = 0; i < encryptions.size(); i++) {
            peers.add(RaftPeer.newBuilder()
                    .setId("n" + i)
                    .setAddress("127.0.0.1:" + freePort())
                    .build());
        }
        RaftGroup group = RaftGroup.valueOf(RaftGroupId.valueOf(UUID.randomUUID()), peers);
        for (RaftPeer peer : peers) {
            Path home = Files.createDirectories(directory.resolve(peer.getId().toString()));
            nodes.add(new TestNode(peer, group, home, budget, clockNanos, monotonicNanos, this::pull));
        }
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).encryption = encryptions.get(i);
            start(nodes.get(i));
        }
    }

    /**
     * Below the range from which the kernel serves outgoing connections, so that it is free again after a stop; each of the two JVMs
     * that run tests side by side draws from a half of its own, in turn: what it has given away is free until a node listens there.
     */
    private static int freePort() {
        int jvm = Integer.getInteger("test.jvm", 1) % 2;
        while (true) {
            int port = 15_000 + jvm * 8_500 + NEXT_PORT.getAndIncrement() % 8_500;
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException e) {
                // taken; another one then
            }
        }
    }

    private LogPosition pull(String nodeId, long atLeastIndex, Path target) throws IOException {
        pulls.incrementAndGet();
        TestNode source = running.get(nodeId);
        if (source == null || failingPulls.getAndDecrement() > 0) {
            Files.writeString(target.resolve("000007.sst"), "half a f");
            throw new IOException(nodeId + " can't be reached");
        }
        try (Checkpoint checkpoint = source.machine().newCheckpoint()) {
            for (Path file : checkpoint.files()) {
                Files.copy(file, target.resolve(file.getFileName().toString()));
            }
            onPulled.run();
            return checkpoint.position();
        }
    }

    /** Time passes, on both clocks. */
    void pass(long nanos) {
        clockNanos.addAndGet(nanos);
        monotonicNanos.addAndGet(nanos);
    }

    List<TestNode> nodes() {
        return nodes;
    }

    void start(TestNode node) throws IOException {
        node.start();
        running.put(node.id(), node);
    }

    void stop(TestNode node) throws IOException {
        running.remove(node.id());
        node.stop();
    }

    TestNode awaitLeader() {
        await("a leader")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> running.values().stream().anyMatch(TestNode::isLeading));
        return running.values().stream().filter(TestNode::isLeading).findFirst().orElseGet(this::awaitLeader);
    }

    /** Sends a batch to whoever leads until it is answered. The number on it sees to it that it is applied once. */
    BatchReply submit(Batch batch) {
        return await("an answer")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> awaitLeader().submit(batch), reply -> reply.getExpectedNumber() == 0);
    }

    void awaitApplied(TestNode node, long index) {
        await("entry " + index + " on " + node.id())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> node.machine().appliedIndex() >= index);
    }

    @Override
    public void close() {
        CompletableFuture.allOf(List.copyOf(running.values()).stream()
                        .map(node -> CompletableFuture.runAsync(() -> end(node), task -> new Thread(task).start()))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }

    /** As {@link #stop}. */
    void end(TestNode node) {
        try {
            stop(node);
        } catch (IOException e) {
            throw new UncheckedIOException("node " + node.id(), e);
        }
    }
}
