package io.stanchion.raftsm.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.cipher.Aead;
import io.stanchion.raftsm.cipher.DataKey;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.cipher.Plaintext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedGroupTest {
    private static final DataKey KEY = DataKey.derive("a passphrase", "orders", Aead.AES);
    private static final Encryption AES = Encryption.with(KEY);
    private static final Encryption CHACHA = Encryption.with(KEY.with(Aead.CHACHA));
    private static final Encryption OTHER = Encryption.with(DataKey.derive("another passphrase", "orders", Aead.AES));
    private static final ByteString CONN_ID = ByteString.copyFromUtf8("connection of alice");

    @TempDir
    private Path directory;

    private final Batches batches = new Batches();

    private void publish(TestGroup group, int count) {
        for (int i = 0; i < count; i++) {
            group.submit(batches.publish("alice", "invoices", ByteString.copyFromUtf8("secret words " + i)));
        }
    }

    private static int messages(TestNode node) {
        List<Long> found = new ArrayList<>();
        node.machine().messages().read(1, 1, Long.MAX_VALUE, (sequence, time, record) -> {
            assertThat(record.toStringUtf8()).startsWith("secret words");
            found.add(sequence);
        });
        return found.size();
    }

    private static void agree(TestGroup group) {
        long index = group.awaitLeader().machine().appliedIndex();
        group.nodes().forEach(node -> group.awaitApplied(node, index));
        assertThat(group.nodes().stream().map(node -> node.machine().digest()).distinct())
                .hasSize(1);
    }

    @Test
    void shouldLeaveNothingReadableOnAnyDiskAndFindEverythingAgain() throws Exception {
        try (TestGroup group = new TestGroup(directory, LogBudget.defaults(), List.of(AES, CHACHA, AES))) {
            group.submit(batches.openSession("alice", CONN_ID));
            group.submit(batches.subscribe("alice", "invoices"));
            publish(group, 30);
            agree(group);
            for (TestNode node : group.nodes()) {
                node.snapshot();
            }
            publish(group, 10);
            agree(group);
            assertThat(Plaintext.find(directory, "secret words", "alice", "invoices", "inbox"))
                    .isEmpty();

            for (TestNode node : group.nodes()) { // one after the other: each leads or follows with each cipher
                group.stop(node);
                publish(group, 1);
                group.start(node);
                agree(group);
            }
            for (TestNode node : group.nodes()) {
                assertThat(messages(node)).isEqualTo(43);
                assertThat(node.role.faults).isEmpty();
            }
        }
        assertThat(Plaintext.find(directory, "secret words", "alice", "invoices", "inbox"))
                .isEmpty();
    }

    @Test
    void shouldGiveEverythingBackToANodeThatWasEmptiedAndHasTheRightKey() throws Exception {
        try (TestGroup group = new TestGroup(directory, TestGroup.KEEP_NOTHING, List.of(AES, AES, AES))) {
            TestNode leader = group.awaitLeader();
            TestNode follower = group.nodes().stream()
                    .filter(node -> node != leader)
                    .findFirst()
                    .orElseThrow();
            group.submit(batches.openSession("alice", CONN_ID));
            group.stop(follower);
            publish(group, 40);
            for (TestNode node : group.nodes()) {
                if (node != follower) {
                    node.snapshot();
                    await("the purge").atMost(TestGroup.PATIENCE).until(() -> node.logStart() > 20);
                }
            }

            delete(follower.directory());
            follower.encryption = OTHER;
            group.start(follower);
            await("a fault").atMost(TestGroup.PATIENCE).until(() -> !follower.role.faults.isEmpty());
            assertThat(follower.role.faults.get(0))
                    .startsWith("the leader's checkpoint is of no use")
                    .contains("is encrypted with another key than this node's");
            group.stop(follower);

            delete(follower.directory());
            follower.encryption = AES;
            group.start(follower);
            publish(group, 1);
            agree(group);
            assertThat(messages(follower)).isEqualTo(41);
            assertThat(Plaintext.find(follower.directory(), "secret words", "alice", "invoices"))
                    .isEmpty();
        }
    }

    @Test
    void shouldStopWhoeverCannotReadWhatTheLeaderWritesAndNameTheReason() throws Exception {
        Encryption off = Encryption.off();
        int number = 0;
        for (List<Encryption> mixed : List.of(List.of(AES, OTHER), List.of(AES, off), List.of(off, AES))) {
            Path home = Files.createDirectories(directory.resolve("group" + number++));
            List<Encryption> encryptions = List.of(mixed.get(0), mixed.get(0), mixed.get(1));
            try (TestGroup group = new TestGroup(home, LogBudget.defaults(), encryptions)) {
                TestNode leader = group.awaitLeader();
                leader.submit(new Batches().openSession("alice", CONN_ID));
                for (TestNode node : group.nodes()) {
                    if (node.encryption != leader.encryption) {
                        await("a fault").atMost(TestGroup.PATIENCE).until(() -> !node.role.faults.isEmpty());
                        assertThat(node.role.faults.get(0))
                                .startsWith("entry ")
                                .contains(reason(leader.encryption, node.encryption));
                    }
                }
                assertThat(leader.role.faults).isEmpty();
            }
        }
    }

    private static String reason(Encryption writer, Encryption reader) {
        if (!reader.isOn()) {
            return "is encrypted: encryption key required";
        }
        return writer.isOn()
                ? "is encrypted with another key than this node's"
                : "is not encrypted, but this node encrypts";
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
