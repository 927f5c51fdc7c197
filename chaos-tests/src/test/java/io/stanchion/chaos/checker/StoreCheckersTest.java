package io.stanchion.chaos.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.checker.NodeStore.StoredDigest;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Phase;
import io.stanchion.chaos.workload.Limits;
import io.stanchion.chaos.workload.Stamp;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Judges of what lies on disks, on trials that somebody has spoilt. */
class StoreCheckersTest {
    private final Doctored doctored = new Doctored();

    @Test
    void shouldFindNothingInATrialThatIsInOrder() {
        assertThat(Checkers.check(doctored.trial())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 9})
    void shouldFindALossAtTheBeginningTheMiddleAndTheEndOfOneNode(int which) {
        doctored.store("b").remove(which);

        assertThat(doctored.judgedBy(new LostMessages()))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.what()).contains("node b").contains("1/" + (which + 1)))
                .satisfies(finding -> assertThat(finding.evidence()).hasSize(2));
    }

    @Test
    void shouldNotAskForAPublishOfUnknownEnd() {
        doctored.forget(Action.PUBLISH, Phase.OK, 10);
        doctored.stores.values().forEach(messages -> messages.remove(9));

        assertThat(doctored.judgedBy(new LostMessages())).isEmpty();
    }

    @Test
    void shouldTellATrimmedMessageFromALostOne() {
        doctored.limits = new Limits(4, Map.of(), Map.of());
        doctored.stores.values().forEach(messages -> messages.subList(0, 6).clear());
        assertThat(doctored.judgedBy(new LostMessages())).isEmpty();

        doctored.events.add(Doctored.publish(20, Phase.INVOKE, 11));
        doctored.events.add(Doctored.publish(20.1, Phase.OK, 11));
        assertThat(doctored.judgedBy(new LostMessages())).hasSize(3);
    }

    @Test
    void shouldFindWhatNobodyPublished() {
        doctored.store("a").add(Doctored.stored(11, 99));

        assertThat(doctored.judgedBy(new InventedMessages())).hasSize(1);
    }

    @Test
    void shouldFindADamagedMessageOnADisk() {
        doctored.store("a").set(3, new StoredMessage(4, 4, Doctored.BYTES, null));

        assertThat(doctored.judgedBy(new InventedMessages())).hasSize(1);
    }

    @Test
    void shouldFindWhatWasRefusedAndStoredNevertheless() {
        doctored.forget(Action.PUBLISH, Phase.OK, 5);
        doctored.events.add(Doctored.publish(5.1, Phase.FAIL, 5));

        assertThat(doctored.judgedBy(new InventedMessages()))
                .as("three stores and a delivery")
                .hasSize(4);
    }

    @Test
    void shouldFindAMessageOfAnotherChannel() {
        doctored.store("c").set(2, new StoredMessage(3, 3, Doctored.BYTES, new Stamp(1, 3, "events")));

        assertThat(doctored.judgedBy(new InventedMessages())).hasSize(1);
    }

    @Test
    void shouldFindADeliveryThatNobodyPublished() {
        doctored.events.add(Doctored.delivery(12, "reader#1", 11, 77, false));

        assertThat(doctored.judgedBy(new InventedMessages())).hasSize(1);
    }

    @Test
    void shouldFindADeliveryOfWhatIsNotStored() {
        doctored.events.add(Doctored.publish(12, Phase.INVOKE, 11));
        doctored.events.add(Doctored.delivery(12.2, "reader#1", 11, 11, false));

        assertThat(doctored.judgedBy(new InventedMessages()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("not stored"));
    }

    @Test
    void shouldFindADeliveryUnderTheNumberOfAnother() {
        doctored.events.add(Doctored.delivery(12, "reader#1", 9, 10, true));

        assertThat(doctored.judgedBy(new InventedMessages()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("under the number of another"));
    }

    @Test
    void shouldNotAskForWhatWasTrimmedAfterItsDelivery() {
        doctored.stores.values().forEach(messages -> messages.remove(0));

        assertThat(doctored.judgedBy(new InventedMessages())).isEmpty();
    }

    @Test
    void shouldFindAPublishThatIsStoredTwice() {
        doctored.store("c").add(Doctored.stored(11, 4));

        assertThat(doctored.judgedBy(new DuplicateMessages()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("as 4 and 11"));
    }

    @Test
    void shouldFindAGap() {
        doctored.store("a").remove(5);

        assertThat(doctored.judgedBy(new ChannelShape())).hasSize(1);
    }

    @Test
    void shouldFindATimestampThatGoesBack() {
        doctored.store("a").set(5, new StoredMessage(6, 1, Doctored.BYTES, new Stamp(1, 6, Doctored.CHANNEL)));

        assertThat(doctored.judgedBy(new ChannelShape())).hasSize(1);
    }

    @Test
    void shouldFindAChannelAboveAndBelowItsLimit() {
        doctored.limits = new Limits(9, Map.of(), Map.of());
        assertThat(doctored.judgedBy(new ChannelShape())).hasSize(3);

        doctored.stores.values().forEach(messages -> messages.subList(0, 3).clear());
        assertThat(doctored.judgedBy(new ChannelShape())).hasSize(3);
    }

    /** Ten messages of 2 KiB each. */
    @Test
    void shouldFindAChannelAboveAndBelowItsLimitOfBytes() {
        doctored.limits = new Limits(100, Map.of(Doctored.CHANNEL, 10L << 10), Map.of());
        assertThat(doctored.judgedBy(new ChannelShape()))
                .hasSize(3)
                .allSatisfy(finding -> assertThat(finding.what()).contains("20480 bytes"));

        doctored.stores.values().forEach(messages -> messages.subList(0, 5).clear());
        assertThat(Checkers.check(doctored.trial())).isEmpty();

        doctored.stores.values().forEach(messages -> messages.subList(0, 4).clear());
        assertThat(doctored.judgedBy(new ChannelShape())).hasSize(3);
        assertThat(doctored.judgedBy(new LostMessages())).hasSize(27);
    }

    @Test
    void shouldFindWhatIsKeptTooLongAndWhatIsGoneTooEarly() {
        long now = System.currentTimeMillis();
        doctored.limits = new Limits(100, Map.of(), Map.of(Doctored.CHANNEL, Duration.ofSeconds(60)));
        doctored.ending = new Ending(now, now + 1_000, true);
        assertThat(doctored.judgedBy(new ChannelShape()))
                .as("timestamps of 1970")
                .hasSize(3);

        doctored.stores.values().forEach(messages -> messages.remove(0));
        assertThat(doctored.judgedBy(new LostMessages())).hasSize(3);
        doctored.ending = new Ending(now, now + 1_000, false);
        assertThat(doctored.judgedBy(new ChannelShape())).isEmpty();
        assertThat(doctored.judgedBy(new LostMessages())).isEmpty();
        doctored.ending = new Ending(now + 70_000, now + 70_000, true);
        assertThat(doctored.judgedBy(new LostMessages())).isEmpty();
    }

    /** They are stopped one after the other, and messages grow old in between. */
    @Test
    void shouldForgiveANodeThatHasDroppedMoreOldMessages() {
        doctored.store("c").remove(0);
        assertThat(doctored.judgedBy(new ReplicasAgree())).hasSize(1);

        doctored.limits = new Limits(100, Map.of(), Map.of(Doctored.CHANNEL, Duration.ofSeconds(60)));
        assertThat(doctored.judgedBy(new ReplicasAgree())).isEmpty();
    }

    @Test
    void shouldFindTwoNodesThatTradeMessages() {
        doctored.store("b").set(3, Doctored.stored(4, 5));
        doctored.store("b").set(4, Doctored.stored(5, 4));

        assertThat(doctored.judgedBy(new ReplicasAgree())).hasSize(2);
    }

    @Test
    void shouldFindANodeThatEndsEarlier() {
        doctored.store("c").remove(9);

        assertThat(doctored.judgedBy(new ReplicasAgree())).hasSize(1);
    }

    @Test
    void shouldFindASequenceThatWasDeliveredWithAnotherMessage() {
        doctored.events.add(Doctored.delivery(12, "reader#1", 4, 5, true));

        assertThat(doctored.judgedBy(new ReplicasAgree())).hasSize(1);
    }

    @Test
    void shouldFindWhatIsStoredBeforeSomethingThatWasAcknowledgedEarlier() {
        doctored.stores.values().forEach(messages -> {
            messages.set(6, Doctored.stored(7, 8));
            messages.set(7, Doctored.stored(8, 7));
        });

        assertThat(doctored.judgedBy(new RealTimeOrder())).hasSize(1);
        assertThat(doctored.judgedBy(new PublisherOrder())).hasSize(1);
    }

    @Test
    void shouldForgiveChangedPlacesOnlyWhenTheConnectionBrokeBetween() {
        doctored.stores.values().forEach(messages -> {
            messages.set(6, Doctored.stored(7, 8));
            messages.set(7, Doctored.stored(8, 7));
        });
        doctored.events.add(Doctored.event(7.5, Phase.INFO, Action.LINK, 0, "client"));

        assertThat(doctored.judgedBy(new PublisherOrder())).isEmpty();
    }

    @Test
    void shouldFindReplicasThatDiffer() {
        doctored.digests.put("c", new StoredDigest(70, Doctored.digest(8)));

        assertThat(doctored.judgedBy(new DigestsEqual()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("index 70", "node a", "node c", "stored"));
    }

    @Test
    void shouldNotCompareReplicasThatHaveAppliedOtherEntries() {
        doctored.digests.put("c", new StoredDigest(71, Doctored.digest(8)));

        assertThat(doctored.judgedBy(new DigestsEqual())).isEmpty();
    }

    @Test
    void shouldFindReplicasThatSayTheyDiffer() {
        doctored.replicas.put("b", new ReplicaStatement("b", 60, "1.5.abd", 0));

        assertThat(doctored.judgedBy(new DigestsEqual())).hasSize(1);
    }

    @Test
    void shouldFindReplicasThatWereNeverCompared() {
        doctored.replicas.put("b", new ReplicaStatement("b", 0, "", 0));

        assertThat(doctored.judgedBy(new DigestsEqual())).hasSize(1);
    }

    @Test
    void shouldFindThatReplicasHaveDifferedAndWereRepaired() {
        doctored.replicas.put("b", new ReplicaStatement("b", 60, "1.5.abc", 1));

        assertThat(doctored.judgedBy(new DigestsEqual())).hasSize(1);
    }
}
