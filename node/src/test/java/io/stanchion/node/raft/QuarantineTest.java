package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.proto.peer.StandingReply;
import io.stanchion.raftsm.cipher.Encryption;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a node stops using its data, and when it must go on with it. */
class QuarantineTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final StandingReply WELL =
            StandingReply.newBuilder().setLeader("b").build();

    @TempDir
    private Path folder;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, StandingReply> answers = new ConcurrentHashMap<>();
    private final AtomicInteger handOverFailures = new AtomicInteger();
    private DataDirectory data;
    private volatile boolean stopped;

    @BeforeEach
    void open() throws IOException {
        data = DataDirectory.open(folder, "orders", "a", Encryption.off(), 1);
    }

    @AfterEach
    void close() throws IOException {
        stopped = true;
        data.close();
    }

    @Test
    void shouldHandOverAndRestartWhenTheOthersAreAMajority() throws Exception {
        answers.putAll(Map.of("b", WELL, "c", WELL));
        quarantine("b", "c").quarantine("bad");
        await().atMost(SOON).until(() -> calls.contains("restart bad"));
        assertThat(calls).containsExactly("hand over", "restart bad");
        assertThat(data.doubt()).isEqualTo("bad");
    }

    @Test
    void shouldRestartOnceHoweverOftenItIsAsked() {
        answers.putAll(Map.of("b", WELL, "c", WELL));
        Quarantine quarantine = quarantine("b", "c");
        quarantine.quarantine("bad");
        quarantine.quarantine("worse");
        await().atMost(SOON).until(() -> calls.contains("restart bad"));
        assertThat(calls).doesNotContain("restart worse");
        assertThat(quarantine.reason()).isEqualTo("bad");
    }

    @Test
    void shouldGoOnUntilTheOthersAreAMajorityWithoutIt() throws Exception {
        answers.put("b", WELL);
        quarantine("b", "c").quarantine("bad");
        await().atMost(SOON)
                .until(() -> calls.stream().filter("hand over"::equals).count() >= 2);
        assertThat(calls).containsOnly("hand over");
        assertThat(data.doubt()).isEmpty();

        answers.put(
                "c",
                StandingReply.newBuilder().setLeader("b").setDoubt("bad too").build());
        await().atMost(SOON)
                .until(() -> calls.stream().filter("hand over"::equals).count() >= 4);
        assertThat(data.doubt()).isEmpty();

        answers.put("c", WELL);
        await().atMost(SOON).until(() -> calls.contains("restart bad"));
    }

    @Test
    void shouldGoOnWhenARoundFails() {
        answers.putAll(Map.of("b", WELL, "c", WELL));
        handOverFailures.set(2);
        quarantine("b", "c").quarantine("bad");
        await().atMost(SOON).until(() -> calls.contains("restart bad"));
        assertThat(calls).containsExactly("hand over", "hand over", "hand over", "restart bad");
    }

    @Test
    void shouldNeverLeaveAGroupOfTwo() {
        answers.put("b", WELL);
        quarantine("b").quarantine("bad");
        await().atMost(SOON)
                .until(() -> calls.stream().filter("hand over"::equals).count() >= 2);
        assertThat(calls).containsOnly("hand over");
    }

    @Test
    void shouldOnlySaySoWhenItIsAlone() {
        quarantine().quarantine("bad");
        assertThat(calls).isEmpty();
        assertThat(data.doubt()).isEmpty();
    }

    @Test
    void shouldRestartAtOnceWhenTheReplicaIsBroken() {
        quarantine("b", "c").quarantineNow("bad", new IllegalStateException());
        await().atMost(SOON).until(() -> calls.contains("restart bad"));
        assertThat(data.doubt()).isEqualTo("bad");
    }

    @Test
    void shouldEndAndNotStartAgainWhenItIsAloneAndTheReplicaIsBroken() {
        quarantine().quarantineNow("bad", new IllegalStateException());
        assertThat(calls).containsExactly("end bad");
        assertThat(data.doubt()).isEqualTo("bad");
    }

    private Quarantine quarantine(String... others) {
        Quarantine.Others group = new Quarantine.Others() {
            @Override
            public List<String> members() {
                return List.of(others);
            }

            @Override
            public StandingReply ask(String nodeId) throws IOException {
                StandingReply answer = answers.get(nodeId);
                if (answer == null) {
                    throw new IOException(nodeId + " is down");
                }
                return answer;
            }
        };
        Quarantine.Node self = new Quarantine.Node() {
            @Override
            public void handOver() {
                calls.add("hand over");
                if (handOverFailures.getAndDecrement() > 0) {
                    throw new IllegalStateException("it has just ceased to lead");
                }
            }

            @Override
            public void restart(String reason) {
                calls.add("restart " + reason);
            }

            @Override
            public void end(String reason, Throwable cause) {
                calls.add("end " + reason);
            }
        };
        return new Quarantine(data, group, self, () -> stopped);
    }
}
