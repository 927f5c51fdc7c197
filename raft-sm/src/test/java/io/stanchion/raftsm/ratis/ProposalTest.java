package io.stanchion.raftsm.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.command.Batch;
import io.stanchion.raftsm.cipher.Encryption;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.junit.jupiter.api.Test;

class ProposalTest {
    private static final ByteString PAYLOAD = ByteString.copyFrom(new byte[1000]);

    private static Proposal proposal(Batch batch) {
        return new Proposal(UnsafeByteOperations.unsafeWrap(batch.toByteArray()), new EntrySeal(Encryption.off()));
    }

    private static Batch logged(Proposal proposal) throws InvalidProtocolBufferException {
        return Proposal.parse(RatisBytes.fromRatis(proposal.logged()));
    }

    @Test
    void shouldAddTheTimeAndChangeNothingElse() throws Exception {
        Batch sent = new Batches().publish("alice", "orders", PAYLOAD, PAYLOAD);
        for (long time : new long[] {0, 1, 1_700_000_000_123_456_789L, Long.MAX_VALUE}) {
            Proposal proposal = proposal(sent);
            assertThat(proposal.batch()).isEqualTo(sent);
            proposal.stamp(time);
            assertThat(logged(proposal))
                    .isEqualTo(sent.toBuilder().setTimeNanos(time).build());
            assertThat(proposal.batch()).isEqualTo(sent);
        }
    }

    @Test
    void shouldOverruleATimeThatTheGatewayHasNoSayIn() throws Exception {
        Proposal proposal =
                proposal(new Batches().takeOver().toBuilder().setTimeNanos(99).build());
        proposal.stamp(7);
        assertThat(logged(proposal).getTimeNanos()).isEqualTo(7);
    }

    @Test
    void shouldNotTakeHalfABatch() {
        byte[] sent = new Batches().publish("alice", "orders", PAYLOAD).toByteArray();
        Proposal half = new Proposal(
                UnsafeByteOperations.unsafeWrap(sent, 0, sent.length / 2), new EntrySeal(Encryption.off()));
        assertThatThrownBy(half::batch).isInstanceOf(InvalidProtocolBufferException.class);
    }

    @Test
    void shouldCarryBytesAcrossTheBorderAndBackWithoutCopying() {
        byte[] bytes = new byte[2000];
        ByteString ours = RatisBytes.fromRatis(UnsafeByteOperations.unsafeWrap(bytes));
        org.apache.ratis.thirdparty.com.google.protobuf.ByteString theirs = RatisBytes.toRatis(ours);
        bytes[77] = 5;
        assertThat(ours.byteAt(77)).isEqualTo((byte) 5);
        assertThat(theirs.byteAt(77)).isEqualTo((byte) 5);

        ByteString rope = ours.concat(ByteString.copyFromUtf8("x".repeat(500)));
        assertThat(RatisBytes.fromRatis(RatisBytes.toRatis(rope))).isEqualTo(rope);
        assertThat(RatisBytes.toRatis(ByteString.EMPTY).isEmpty()).isTrue();
    }
}
