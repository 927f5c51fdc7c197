package io.stanchion.raftsm.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.record.SessionRecord;
import io.stanchion.raftsm.MemoryStore;
import io.stanchion.raftsm.command.Ack;
import io.stanchion.raftsm.command.Append;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.command.Command;
import io.stanchion.raftsm.command.CommandCodec;
import io.stanchion.raftsm.command.CompareDigests;
import io.stanchion.raftsm.command.OpenSession;
import io.stanchion.raftsm.command.ReportDigest;
import io.stanchion.raftsm.command.StartDelivery;
import io.stanchion.raftsm.command.Subscribe;
import io.stanchion.raftsm.command.TakeOver;
import io.stanchion.raftsm.model.Observation.DigestReported;
import io.stanchion.raftsm.model.Observation.DigestTaken;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigestTest {
    private static final List<String> MEMBERS = List.of("a", "b", "c");
    private static final CompareDigests COMPARE = new CompareDigests(Digest.VERSION, MEMBERS, false);
    private static final CompareDigests BEGIN = new CompareDigests(Digest.VERSION, MEMBERS, true);

    private final MemoryStore store = new MemoryStore();
    private MachineState state = store.restore();
    private long index;

    private void apply(Command... commands) {
        index++;
        Batch.Builder batch = Batch.newBuilder()
                .setGateway("a")
                .setIncarnation(1)
                .setNumber(index)
                .setTimeNanos(index * 1_000);
        for (Command command : commands) {
            batch.addCommands(CommandCodec.encode(command));
        }
        BatchApplier.apply(1, index, batch.build(), state);
    }

    private void applyALife() {
        apply(new TakeOver(0));
        apply(new OpenSession(
                SessionRecord.newBuilder()
                        .setClientId("me")
                        .setHeartbeatInbox("hb")
                        .build(),
                0));
        apply(new Subscribe("me", "orders", "", "d", new Options("in", "ack", 2, 30), new Start(4, 0, 0), ""));
        apply(new StartDelivery(1));
        apply(publish("one"), publish("two"));
        apply(new Ack("ack", SequenceRanges.of(1, 1)));
    }

    private static Append publish(String text) {
        ByteString record = ByteString.copyFromUtf8((char) text.length() + text);
        return new Append("orders", List.of(new Append.Publisher(ByteString.EMPTY, "me", 1)), record);
    }

    private Digest digest() {
        return state.comparison().digest();
    }

    /** If this fails, what a row holds or how it is counted is different now: raise {@link Digest#VERSION}, and write the new digest here. */
    @Test
    void shouldBeTheSameForTheSameStateInAllBuildsOfAVersion() {
        applyALife();

        assertThat(digest().toString()).isEqualTo("1.0.85ab9c1a71ab0e37");
    }

    @Test
    void shouldGoOnAfterARestartAsIfThereWasNone() {
        applyALife();
        Digest before = digest();
        store.write(state.drainChanges());
        state = store.restore();

        assertThat(digest()).isEqualTo(before).isEqualTo(state.digest());
        apply(publish("three"));
        assertThat(digest()).isNotEqualTo(before).isEqualTo(state.digest());
    }

    @Test
    void shouldNotForgetMessagesThatAreTrimmed() {
        applyALife();
        Channel channel = state.channels().iterator().next();
        channel.limit(new ChannelLimits(0, 1, 0, 0, 0));
        apply(publish("three"));
        Digest trimmed = digest();

        DigestTest other = new DigestTest();
        other.applyALife();
        other.state.channels().iterator().next().limit(new ChannelLimits(0, 1, 0, 0, 0));
        other.apply(publish("thref"));

        assertThat(trimmed.differences(other.digest())).containsExactly("channels");
    }

    @Test
    void shouldTellAMessageThatDiffersByOneBit() {
        applyALife();
        apply(publish("a"), publish("b"));
        DigestTest other = new DigestTest();
        other.applyALife();
        other.apply(publish("a"), publish("c"));

        assertThat(digest().differences(other.digest())).containsExactly("channels");
    }

    @Test
    void shouldTellAPendingMessageThatIsMissing() {
        applyALife();
        DigestTest other = new DigestTest();
        other.applyALife();
        other.state.subscription(1).settle(SequenceRanges.of(2, 2));

        assertThat(digest().differences(other.digest())).containsExactly("subscriptions");
    }

    @Test
    void shouldTellEqualChangesOfTwoRowsFromNone() {
        Fingerprint fingerprint = new Fingerprint();
        ByteString old = ByteString.copyFromUtf8("0000");
        ByteString changed = ByteString.copyFromUtf8("0100");
        long sum = 0;
        for (ByteString key : List.of(ByteString.copyFromUtf8("k1"), ByteString.copyFromUtf8("k2"))) {
            sum ^= fingerprint.of(Changes.Table.SESSIONS, key, old)
                    ^ fingerprint.of(Changes.Table.SESSIONS, key, changed);
        }

        assertThat(sum).isNotZero();
    }

    @Test
    void shouldBeTakenAtTheEntryThatAsksForIt() {
        applyALife();
        apply(BEGIN);
        long round = index;
        Digest begun = digest();
        apply(publish("three"));

        assertThat(state.comparison().drain()).singleElement().satisfies(seen -> {
            DigestTaken taken = (DigestTaken) seen;
            assertThat(taken.round()).isEqualTo(round);
            assertThat(taken.members()).isEqualTo(MEMBERS);
            assertThat(taken.digest().since()).isEqualTo(round);
            assertThat(taken.digest().differences(begun)).doesNotContain("channels", "subscriptions");
            assertThat(taken.changes()).isLessThan(state.comparison().changes());
        });
    }

    @Test
    void shouldTakeOneDigestPerEntry() {
        apply(BEGIN);
        apply(COMPARE, new TakeOver(0), COMPARE);

        assertThat(state.comparison().drain()).hasSize(2);
    }

    @Test
    void shouldPassReportsOn() {
        Digest digest = new Digest(1, 7, List.of(1L, -2L));
        apply(new ReportDigest(7, "b", digest));

        assertThat(state.comparison().drain()).containsExactly(new DigestReported(7, "b", digest));
        assertThat(state.comparison().changes()).isZero();
    }

    @Test
    void shouldMakeReplicasThatBeganAtDifferentPointsEqual() {
        applyALife();
        DigestTest upgradedLater = new DigestTest();
        upgradedLater.applyALife();
        upgradedLater.state.channels().forEach(Channel::beginChain);
        assertThat(digest()).isNotEqualTo(upgradedLater.digest());
        assertThat(digest().isComparableTo(upgradedLater.digest())).isFalse();

        apply(BEGIN);
        upgradedLater.apply(BEGIN);

        assertThat(digest()).isEqualTo(upgradedLater.digest());
        assertThat(digest().isComparableTo(upgradedLater.digest())).isTrue();
    }

    @Test
    void shouldStayOutOfWhatItDoesNotKnowUntilAllBeginAnew() {
        applyALife();
        apply(BEGIN);
        state.comparison().drain();
        apply(new CompareDigests(Digest.VERSION + 1, MEMBERS, true));

        assertThat(state.comparison().drain()).isEmpty();
        assertThat(digest().since()).isZero();
        apply(BEGIN);
        assertThat(digest().since()).isEqualTo(index);
    }
}
