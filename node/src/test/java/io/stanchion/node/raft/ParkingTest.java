package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.command.ReplyProto;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What happens to work while answers, or a leader, are to be waited for. The test is the log's thread, on a clock of its own. */
class ParkingTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final String INBOX = "_INBOX.stan-ack-c.s";

    private final HeldBatches leader = new HeldBatches();
    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private long now = 77 * SECOND;
    private final TestIncarnation incarnation = new TestIncarnation(4);
    private RatisLog log = newLog(new LogSettings(1_000, 10, 3, 10_000, 25_000));

    private RatisLog newLog(LogSettings settings) {
        return new RatisLog("a", incarnation, settings, leader, () -> now, (what, cause) -> fault.set(cause));
    }

    @Test
    void shouldNumberTheBatchesOfAnIncarnationFromOne() {
        publish("a");
        turn();
        publish("b");
        turn();

        assertThat(leader.attempts)
                .extracting(attempt -> attempt.batch)
                .extracting(Batch::getGateway, Batch::getIncarnation, Batch::getNumber)
                .containsExactly(tuple("a", 4L, 1L), tuple("a", 4L, 2L));
    }

    @Test
    void shouldCollectWhatComesWhileAsManyBatchesAreInFlightAsMayBe() {
        for (int i = 0; i < 3; i++) {
            publish("single");
            turn();
        }
        publish("d");
        publish("e");
        turn();
        assertThat(leader.open()).hasSize(3);

        leader.attempts.get(0).applyAndAnswer();
        turn();
        assertThat(leader.numbers()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(Commands.texts(leader.last().batch.getCommands(0).getAppend().getRecords()))
                .containsExactly("d", "e");
    }

    @Test
    void shouldNotSendMoreBeforeTheOldestIsAnsweredThoughOthersAre() {
        List<TestPublication> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(publish("m"));
            turn();
        }
        List<BatchReply> replies =
                leader.attempts.stream().map(HeldBatches.Attempt::apply).toList();
        leader.attempts.get(2).answer(replies.get(2));
        leader.attempts.get(1).answer(replies.get(1));
        turn();
        assertThat(leader.attempts).hasSize(3);
        assertThat(all)
                .as("answers keep the order")
                .allSatisfy(item -> assertThat(item.answers).isEmpty());

        leader.attempts.get(0).answer(replies.get(0));
        turn();
        assertThat(leader.attempts).hasSize(4);
        assertThat(all.subList(0, 3))
                .allSatisfy(item -> assertThat(item.answers).hasSize(1));
    }

    @Test
    void shouldCutBatchesAtTheLimitsOfItemsAndBytes() {
        for (int i = 0; i < 11; i++) {
            publish("small");
        }
        publish("x".repeat(900));
        publish("y".repeat(900));
        turn();

        assertThat(leader.attempts)
                .extracting(attempt -> Commands.texts(
                                attempt.batch.getCommands(0).getAppend().getRecords())
                        .size())
                .containsExactly(10, 1, 1);
        leader.attempts.get(0).applyAndAnswer();
        turn();
        assertThat(leader.attempts).hasSize(4);
    }

    @Test
    void shouldNotWaitForALeaderThatHangsOnceThereIsAnother() {
        publishAndTurn(3);
        log.onLeaderChanged();
        turn();
        pass(100 * MILLI);
        assertThat(leader.numbers()).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
    }

    @Test
    void shouldSendEverythingUnansweredAgainWhenNothingIsInFlightAnyMore() {
        publishAndTurn(3);
        leader.attempts.get(0).fail();
        pass(SECOND);
        assertThat(leader.numbers()).as("two are on their way").containsExactly(1L, 2L, 3L);

        leader.attempts.get(1).applyAndAnswer(); // a gap
        leader.attempts.get(2).applyAndAnswer();
        turn();
        assertThat(leader.numbers()).as("not at once").hasSize(3);
        pass(20 * MILLI);
        assertThat(leader.numbers()).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
    }

    @Test
    void shouldNotSendAgainWhatIsAnswered() {
        List<TestPublication> all = publishAndTurn(3);
        leader.attempts.get(0).apply();
        leader.attempts.get(1).applyAndAnswer();
        leader.attempts.get(0).fail();
        leader.attempts.get(2).fail();
        turn();
        pass(20 * MILLI);
        assertThat(leader.numbers()).containsExactly(1L, 2L, 3L, 1L, 3L);

        leader.open().forEach(HeldBatches.Attempt::applyAndAnswer);
        turn();
        assertThat(all).allSatisfy(item -> assertThat(item.answers).hasSize(1));
        assertThat(log.parkedBytes()).isZero();
    }

    @Test
    void shouldTryAgainWhenNoAnswerComesAtAll() {
        TestPublication publication = publishAndTurn(1).get(0);
        pass(10 * SECOND);
        assertThat(leader.attempts).hasSize(1);
        pass(30 * MILLI);
        pass(30 * MILLI);
        assertThat(leader.numbers()).containsExactly(1L, 1L);

        BatchReply reply = leader.attempts.get(1).apply();
        leader.attempts.get(0).answer(leader.attempts.get(0).apply());
        turn();
        leader.attempts.get(1).answer(reply);
        turn();
        assertThat(publication.answers).hasSize(1);
        assertThat(log.parkedBytes()).isZero();
    }

    @Test
    void shouldNotTakeAnAnswerThatIsOnlyLateForALossOfData() {
        publishAndTurn(2);
        HeldBatches.Attempt late = leader.attempts.get(0);
        leader.attempts.get(1).fail();
        pass(11 * SECOND); // the first is given up
        pass(20 * MILLI);
        assertThat(leader.numbers()).containsExactly(1L, 2L, 1L, 2L);
        leader.attempts.get(2).fail();
        BatchReply gap = leader.attempts.get(3).apply();
        assertThat(gap.getExpectedNumber()).isEqualTo(1);

        late.applyAndAnswer(); // it had only been on its way
        turn();
        leader.attempts.get(3).answer(gap);
        turn();
        pass(20 * MILLI);
        assertThat(leader.numbers()).containsExactly(1L, 2L, 1L, 2L, 2L);
    }

    @Test
    void shouldGoOnAtOnceWhenTheLastUnansweredBatchWasAnsweredWhileItWaitedToTryAgain() {
        publishAndTurn(1);
        HeldBatches.Attempt late = leader.attempts.get(0);
        pass(11 * SECOND);
        late.applyAndAnswer();
        turn();
        publish("b");
        pass(20 * MILLI);
        assertThat(leader.numbers()).containsExactly(1L, 2L);
    }

    @Test
    void shouldRefuseWhatWasNeverInABatchWhenItHasWaitedTooLong() {
        List<TestPublication> numbered = park(3);
        TestPublication waiting = publish("d");
        List<ReplyProto> replies = new ArrayList<>();
        log.append(Commands.openSession("me"), replies::add);
        log.ack(INBOX, 1);
        passWithoutLeader(24 * SECOND);
        TestPublication younger = publish("e");
        assertThat(waiting.answers).isEmpty();
        assertThat(replies).isEmpty();

        passWithoutLeader(2 * SECOND);
        assertThat(waiting.answers).containsExactly("node is not the leader");
        assertThat(replies)
                .containsExactly(ReplyProto.newBuilder()
                        .setError("node is not the leader")
                        .build());
        assertThat(younger.answers).isEmpty();
        passWithoutLeader(25 * SECOND);
        assertThat(younger.answers).containsExactly("node is not the leader");
        assertThat(numbered).allSatisfy(item -> assertThat(item.answers).isEmpty());

        leader.isKnown = true;
        pass(20 * MILLI);
        leader.open().forEach(HeldBatches.Attempt::applyAndAnswer);
        turn();
        assertThat(numbered)
                .as("in a batch, so the machine decides in the end")
                .allSatisfy(item -> assertThat(item.answers).hasSize(1));
        assertThat(log.parkedBytes()).isZero();
    }

    @Test
    void shouldNumberNothingWhileNoLeaderIsKnown() {
        leader.isKnown = false;
        TestPublication lone = publish("a");
        turn();
        pass(24 * SECOND);
        assertThat(leader.attempts).isEmpty();
        assertThat(lone.answers).isEmpty();

        TestPublication younger = publish("b");
        pass(SECOND);
        pass(SECOND);
        assertThat(lone.answers).containsExactly("node is not the leader");
        leader.isKnown = true;
        turn();
        leader.last().applyAndAnswer();
        turn();
        assertThat(leader.numbers()).containsExactly(1L);
        assertThat(younger.answers).hasSize(1);
    }

    /** Its client may have come back at another node. */
    @Test
    void shouldSayOfABatchThatItIsLate() {
        publishAndTurn(1);
        assertThat(leader.last().batch.getLate()).isFalse();
        pass(SECOND);
        leader.last().fail();
        turn();
        pass(20 * MILLI);
        assertThat(leader.last().batch.getLate()).isFalse();
        leader.last().fail();
        leader.isKnown = false;
        publish("b");
        passWithoutLeader(3 * SECOND);
        leader.isKnown = true;
        pass(20 * MILLI);
        assertThat(leader.attempts.subList(2, 4))
                .extracting(attempt -> attempt.batch)
                .extracting(Batch::getNumber, Batch::getLate)
                .containsExactly(tuple(1L, true), tuple(2L, true));

        leader.open().forEach(HeldBatches.Attempt::applyAndAnswer);
        turn();
        publishAndTurn(1);
        assertThat(leader.last().batch.getLate()).isFalse();
    }

    /** Its client has given it up, and published what came later through another node. */
    @Test
    void shouldNotDoWhatIsTooOldWhenThereIsALeaderAgain() {
        TestPublication old = publishAndTurn(1).get(0);
        leader.last().fail();
        turn();
        leader.isKnown = false;
        pass(26 * SECOND);
        assertThat(old.answers).as("nobody knows what became of it").isEmpty();

        leader.isKnown = true;
        pass(20 * MILLI);
        assertThat(leader.numbers()).containsExactly(1L, 1L);
        assertThat(leader.last().batch.getCommandsCount()).isZero();
        leader.last().applyAndAnswer();
        BatchReply late = leader.attempts.get(0).apply();
        turn();
        assertThat(old.answers).containsExactly("node is not the leader");
        assertThat(late.getRepliesCount())
                .as("the first attempt comes in too late to be applied")
                .isZero();
        assertThat(log.parkedBytes()).isZero();
    }

    @Test
    void shouldTellTheTruthOfAnOldBatchThatWasAppliedBeforeItWasEmptied() {
        List<TestPublication> old = publishAndTurn(2);
        leader.attempts.get(0).apply();
        leader.open().forEach(HeldBatches.Attempt::fail);
        turn();
        pass(26 * SECOND);
        leader.open().forEach(HeldBatches.Attempt::applyAndAnswer);
        turn();
        assertThat(old.get(0).answers)
                .containsExactly("stan: invalid publish request"); // nobody has opened a session here
        assertThat(old.get(1).answers).containsExactly("node is not the leader");
    }

    @Test
    void shouldRefuseNothingWhenALeaderIsThereInTime() {
        List<TestPublication> all = park(10);
        passWithoutLeader(23 * SECOND);
        leader.isKnown = true;
        pass(20 * MILLI);
        for (int i = 0; i < 10; i++) {
            leader.open().forEach(HeldBatches.Attempt::applyAndAnswer);
            pass(20 * MILLI);
        }
        assertThat(all).allSatisfy(item -> assertThat(item.answers).containsExactly("stan: invalid publish request"));
        pass(60 * SECOND);
        assertThat(all).allSatisfy(item -> assertThat(item.answers).hasSize(1));
    }

    @Test
    void shouldAlsoRefuseTheOneThatDidNotFitIntoTheLastBatch() {
        log = newLog(new LogSettings(1_000, 10, 1, 10_000, 25_000));
        TestPublication first = publish("x".repeat(800));
        TestPublication held = publish("y".repeat(800));
        turn();
        passWithoutLeader(30 * SECOND);

        assertThat(first.answers).isEmpty();
        assertThat(held.answers).containsExactly("node is not the leader");
    }

    @Test
    void shouldBeSaturatedAtTheLimitOfBytesUntilHalfIsDone() {
        AtomicInteger reliefs = new AtomicInteger();
        log.onRelief(reliefs::incrementAndGet);
        List<TestPublication> all = new ArrayList<>();
        while (!log.isSaturated()) {
            all.add(publish("x".repeat(400)));
        }
        assertThat(log.parkedBytes()).isBetween(10_000L, 10_600L);
        turn();
        while (log.isSaturated()) {
            assertThat(reliefs).hasValue(0);
            assertThat(log.parkedBytes()).isGreaterThanOrEqualTo(5_000);
            leader.open().get(0).applyAndAnswer();
            turn();
        }
        assertThat(reliefs).hasValue(1);
        assertThat(log.parkedBytes()).isLessThan(5_000);

        while (!log.isSaturated()) {
            publish("x".repeat(400));
        }
        while (log.parkedBytes() > 0) {
            turn();
            leader.open().forEach(HeldBatches.Attempt::applyAndAnswer);
        }
        assertThat(reliefs).hasValue(2);
        assertThat(all).allSatisfy(item -> assertThat(item.answers).hasSize(1));
    }

    @Test
    void shouldNotBeSaturatedAnyMoreWhenItHasRefusedWhatWaited() {
        while (!log.isSaturated()) {
            publish("x".repeat(400));
        }
        turn();
        passWithoutLeader(27 * SECOND);
        assertThat(log.isSaturated()).isFalse();
        assertThat(log.parkedBytes()).as("what is in batches").isPositive().isLessThan(3_000);
    }

    private static BatchReply superseded(long known) {
        return BatchReply.newBuilder()
                .setSuperseded(true)
                .setKnownIncarnation(known)
                .build();
    }

    @Test
    void shouldOutliveAnEarlierLifeWhoseClockWasAhead() {
        publish("a");
        turn();
        publish("b");
        turn();
        HeldBatches.Attempt late = leader.open().get(1);
        leader.open().get(0).answer(superseded(900));
        turn();
        pass(20 * MILLI);
        turn();
        late.answer(superseded(900));
        turn();
        publish("c");
        turn();

        assertThat(leader.attempts)
                .extracting(attempt -> attempt.batch)
                .extracting(Batch::getIncarnation, Batch::getNumber)
                .containsExactly(tuple(4L, 1L), tuple(4L, 2L), tuple(901L, 1L), tuple(901L, 2L), tuple(901L, 3L));
        assertThat(incarnation.incarnation())
                .as("remembered for the next start")
                .isEqualTo(901);
        leader.open().forEach(HeldBatches.Attempt::applyAndAnswer);
        turn();
        assertThat(log.parkedBytes()).isZero();
    }

    @Test
    void shouldFailWhenAnotherProcessRunsUnderItsNodeId() {
        publishAndTurn(1);
        leader.last().applyAndAnswer();
        turn();
        publishAndTurn(1);
        leader.last().answer(superseded(5));
        assertThat(turnFault()).hasMessageStartingWith("another process runs under the node ID a");
    }

    @Test
    void shouldFailWhenTheMachineHasForgottenWhatItAnswered() {
        publishAndTurn(1);
        leader.last().applyAndAnswer();
        turn();
        publishAndTurn(1);
        leader.last().fail();
        turn();
        pass(20 * MILLI);
        leader.last().answer(BatchReply.newBuilder().setExpectedNumber(1).build());
        assertThat(turnFault()).hasMessage("the machine expects batch 1 of incarnation 4, here are 2 to 2");
    }

    private Throwable turnFault() {
        return catchThrowable(this::turn);
    }

    private TestPublication publish(String text) {
        TestPublication publication = new TestPublication("orders", "me", text);
        log.publish(publication);
        return publication;
    }

    /** Each in a batch of its own. */
    private List<TestPublication> publishAndTurn(int count) {
        List<TestPublication> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(publish("m" + i));
            turn();
        }
        return all;
    }

    /** Each comes alone, while there is no leader: the first three are numbered before that is known. */
    private List<TestPublication> park(int count) {
        List<TestPublication> all = publishAndTurn(count);
        leader.open().forEach(HeldBatches.Attempt::fail);
        leader.isKnown = false;
        turn();
        return all;
    }

    private void turn() {
        while (log.turn()) {
            // something moved, and something else may follow
        }
    }

    private void pass(long nanos) {
        now += nanos;
        turn();
    }

    /** Every attempt fails. */
    private void passWithoutLeader(long nanos) {
        for (long end = now + nanos; now < end; ) {
            leader.open().forEach(HeldBatches.Attempt::fail);
            pass(Math.min(500 * MILLI, end - now));
        }
    }
}
