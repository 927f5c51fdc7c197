package io.stanchion.node.leader;

import static io.stanchion.node.leader.LeaderFixture.MILLI;
import static io.stanchion.node.leader.LeaderFixture.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.command.SettingsProto;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.raftsm.effect.Effect.Deliver;
import io.stanchion.raftsm.effect.Effect.TrimUnfinished;
import io.stanchion.raftsm.store.CorruptMessageException;
import io.stanchion.raftsm.store.MessageReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LeaderTermTest {
    private static final SettingsProto AGED =
            SettingsProto.newBuilder().setMaxAgeNanos(5).build();

    @Test
    void shouldConfigureAtOnceAndTakeOverAfterTheGrace() {
        LeaderFixture leader = new LeaderFixture(AGED, 10);
        leader.run();
        assertThat(leader.proposed).hasSize(1);
        assertThat(leader.proposed.get(0).getConfigure().getSettings()).isEqualTo(AGED);
        assertThat(leader.proposed.get(0).getConfigure().getTerm()).isEqualTo(LeaderFixture.TERM);
        leader.pass(100 * MILLI - 1);
        assertThat(leader.proposed).hasSize(1);
        leader.pass(1);
        assertThat(leader.proposed).hasSize(2);
        assertThat(leader.proposed.get(1).hasTakeOver()).isTrue();
        assertThat(leader.proposed.get(1).getTakeOver().getTerm()).isEqualTo(LeaderFixture.TERM);
    }

    @Test
    void shouldProposeChangedSettingsAtOnceAndNeverTheOldOnesAgain() {
        LeaderFixture leader = new LeaderFixture();
        leader.pass(SECOND);
        leader.proposed.clear();
        leader.term.reconfigure(leader.settings(AGED));
        leader.run();
        assertThat(configured(leader)).containsExactly(AGED);
        leader.refuse(); // the old ones
        leader.answer(); // the take-over
        leader.pass(500 * MILLI);
        assertThat(leader.proposed).hasSize(1);
        leader.refuse();
        leader.pass(1_500 * MILLI);
        assertThat(configured(leader)).containsExactly(AGED, AGED);
        assertThat(leader.proposed).anyMatch(CommandProto::hasTick);
    }

    private static List<SettingsProto> configured(LeaderFixture leader) {
        return leader.proposed.stream()
                .filter(CommandProto::hasConfigure)
                .map(command -> command.getConfigure().getSettings())
                .toList();
    }

    @Test
    void shouldStopTickingWhenNothingAgesAnyMore() {
        LeaderFixture leader = new LeaderFixture(AGED, 10);
        leader.pass(500 * MILLI);
        leader.answer();
        leader.answer();
        leader.pass(SECOND);
        leader.term.reconfigure(leader.settings(SettingsProto.getDefaultInstance()));
        leader.run();
        leader.answer();
        leader.answer();
        leader.proposed.clear();
        leader.pass(100 * SECOND);
        assertThat(leader.proposed).isEmpty();
    }

    @Test
    void shouldTickAtOnceWhileThereIsMoreToTrimAndNeverTwiceAtOnce() {
        LeaderFixture leader = new LeaderFixture();
        leader.pass(SECOND);
        leader.answer();
        leader.answer();
        leader.takeProposed();
        leader.perform(new TrimUnfinished());
        leader.perform(new TrimUnfinished());
        assertThat(leader.takeProposed()).hasSize(1).allMatch(CommandProto::hasTick);
        leader.answer();
        assertThat(leader.takeProposed()).hasSize(1).allMatch(CommandProto::hasTick);
        leader.answer();
        leader.pass(100 * SECOND);
        assertThat(leader.takeProposed()).isEmpty();
    }

    @Test
    void shouldBeginTheNextTermWithTheSettingsThatChangedMeanwhile() throws Exception {
        LeaderFixture fixture = new LeaderFixture();
        try (Leadership leadership =
                new Leadership(fixture.settings(SettingsProto.getDefaultInstance()), fixture.ports(10))) {
            leadership.reconfigure(fixture.settings(AGED));
            leadership.onLeaderReady(8);
            await().until(() -> !configured(fixture).isEmpty());
            assertThat(configured(fixture)).containsExactly(AGED);
        }
    }

    @Test
    void shouldTakeOverAgainWhenItWasRefused() {
        LeaderFixture leader = new LeaderFixture();
        leader.pass(SECOND);
        leader.answer();
        leader.refuse();
        leader.pass(SECOND);

        assertThat(leader.proposed).hasSize(3);
        assertThat(leader.proposed.get(2).hasTakeOver()).isTrue();
        leader.answer();
        leader.pass(100 * SECOND);
        assertThat(leader.proposed).hasSize(3);
    }

    @Test
    void shouldTickOnlyIfThereIsAnAgeLimitAndNeverTwiceAtOnce() {
        LeaderFixture leader = new LeaderFixture(AGED, 10);
        leader.pass(500 * MILLI);
        leader.answer();
        leader.answer();
        leader.pass(SECOND);
        leader.pass(10 * SECOND);
        assertThat(leader.takeProposed())
                .extracting(CommandProto::hasTick)
                .as("the second waits for the first")
                .containsExactly(true);
        leader.answer();
        leader.pass(SECOND);
        assertThat(leader.takeProposed()).hasSize(1);

        LeaderFixture ageless = new LeaderFixture();
        ageless.pass(SECOND);
        ageless.pass(100 * SECOND);
        assertThat(ageless.takeProposed()).isEmpty();
    }

    @Test
    void shouldDeliverNothingAfterAStandstillUntilTheLogHasAnswered() {
        LeaderFixture leader = afterTheStartOfItsTerm();
        List<MsgProto> received = leader.subscribe("inbox");
        leader.takeProposed();

        leader.term.submit(List.of(deliver()));
        leader.standStill(300 * MILLI);

        assertThat(received).isEmpty();
        assertThat(leader.takeProposed()).hasSize(1).allMatch(CommandProto::hasTick);
        leader.answer();
        assertThat(received).hasSize(1);
        assertThat(leader.takeProposed()).isEmpty();
    }

    @Test
    void shouldTakeASuspendedMachineForAStandstill() {
        LeaderFixture leader = afterTheStartOfItsTerm();
        List<MsgProto> received = leader.subscribe("inbox");
        leader.takeProposed();

        leader.term.submit(List.of(deliver()));
        leader.suspend(300);
        assertThat(received).isEmpty();
        assertThat(leader.takeProposed()).hasSize(1).allMatch(CommandProto::hasTick);
        leader.answer();
        assertThat(received).hasSize(1);
    }

    @Test
    void shouldStopInTheMiddleOfAPageAfterAStandstillAndGoOnThereWhenTheLogHasAnswered() {
        LeaderFixture leader = afterTheStartOfItsTerm();
        List<Long> received = new ArrayList<>();
        leader.store(4, "", "b");
        leader.store(5, "", "c");
        leader.router.subscribe(Subject.of("inbox"), null, Scope.CLUSTER, message -> {
            if (received.size() == 1) {
                leader.idle(300 * MILLI);
            }
            return received.add(LeaderFixture.parsed(message).getSequence());
        });
        leader.takeProposed();

        leader.perform(new Deliver(1, "inbox", 1, "orders", 1, 5, 1, Long.MAX_VALUE - 1));
        assertThat(received).containsExactly(1L, 4L);
        assertThat(leader.counters.messagesOut()).isEqualTo(2);
        assertThat(leader.takeProposed()).hasSize(1).allMatch(CommandProto::hasTick);
        leader.answer();
        assertThat(received).containsExactly(1L, 4L, 5L);
        assertThat(leader.counters.messagesOut()).isEqualTo(3);
    }

    private static LeaderFixture afterTheStartOfItsTerm() {
        LeaderFixture leader = new LeaderFixture();
        leader.store(1, "", "a");
        leader.pass(SECOND);
        leader.answer();
        leader.answer();
        return leader;
    }

    @Test
    void shouldAskTheLogAgainWhenItRefusedOrTheLeaderStoodStillOnceMore() {
        LeaderFixture leader = afterTheStartOfItsTerm();
        List<MsgProto> received = leader.subscribe("inbox");

        leader.term.submit(List.of(deliver()));
        leader.standStill(300 * MILLI);
        leader.refuse();
        leader.pass(SECOND);
        leader.standStill(300 * MILLI);
        leader.answer(); // to the question before the second standstill
        assertThat(received).isEmpty();
        leader.answer();
        assertThat(received).hasSize(1);
    }

    @Test
    void shouldLetApplyReachTheAnswerAfterAStandstillHoweverMuchIsQueued() throws Exception {
        LeaderFixture leader = afterTheStartOfItsTerm();
        List<MsgProto> received = leader.subscribe("inbox");
        int full = 2 * LeaderSettings.EFFECTS_MAX; // half of it under way, half of it in the queue
        for (int i = 0; i < LeaderSettings.EFFECTS_MAX; i++) {
            leader.term.submit(List.of(deliver()));
        }
        leader.standStill(300 * MILLI);
        for (int i = 0; i < LeaderSettings.EFFECTS_MAX; i++) {
            leader.term.submit(List.of(deliver()));
        }
        Thread apply = new Thread(
                () -> {
                    leader.term.submit(List.of(deliver()));
                    leader.unanswered.remove().accept(ReplyProto.getDefaultInstance());
                },
                "raft-apply-test");
        apply.start();
        apply.join(5_000);
        boolean applied = !apply.isAlive();
        assertThat(received).isEmpty();
        leader.run();
        leader.term.close(); // lets apply go, if it hangs

        assertThat(applied).isTrue();
        assertThat(received).hasSize(full + 1);
    }

    @Test
    void shouldDeliverOnItsOwnThreadUntilThisNodeLeadsNoMore() {
        LeaderFixture world = new LeaderFixture();
        world.store(1, "", "a");
        AtomicReference<String> thread = new AtomicReference<>("");
        AtomicLong received = new AtomicLong();
        world.router.subscribe(Subject.of("inbox"), null, Scope.CLUSTER, message -> {
            thread.set(Thread.currentThread().getName());
            received.incrementAndGet();
            return true;
        });
        Leadership leadership = new Leadership(LeaderSettings.of(AGED, 1_000, 1_000, 300), world.ports(10));
        leadership.onEffects(3, List.of(deliver()));
        leadership.onLeaderReady(3);
        leadership.onEffects(2, List.of(deliver()));
        leadership.onEffects(3, List.of(deliver()));
        await().until(() -> received.get() == 1);
        assertThat(thread.get()).isEqualTo("leader-term");

        leadership.onNotLeader();
        leadership.onEffects(3, List.of(deliver()));
        leadership.onLeaderReady(5);
        leadership.onEffects(5, List.of(deliver()));
        await().until(() -> received.get() == 2);
        leadership.close();
        await().until(() -> leaderThreads() == 0);
        assertThat(received.get()).isEqualTo(2);
        assertThat(world.faults).isEmpty();
    }

    @Test
    void shouldHoldUpApplyWhileTheQueueIsFullAndLetGoAtTheEndOfTheTerm() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LeaderTerm term = new LeaderTerm(
                1,
                new LeaderSettings(AGED, 1_000_000, 1_000, 1_000, 1_000, 300, 1),
                portsReading((id, first, last, to) -> {
                    reading.countDown();
                    awaitQuietly(goOn);
                }));
        Thread leader = new Thread(term, "leader-term-test");
        leader.start();
        term.submit(List.of(deliver()));
        reading.await();
        term.submit(List.of(deliver()));
        Thread apply = new Thread(() -> term.submit(List.of(deliver())), "raft-apply-test");
        apply.start();
        await().until(() -> apply.getState() == Thread.State.TIMED_WAITING);

        term.close();
        apply.join();
        goOn.countDown();
        leader.join();
    }

    @Test
    void shouldReportDamageAsAFault() throws Exception {
        AtomicReference<Throwable> fault = new AtomicReference<>();
        LeaderPorts ports = portsReading((id, first, last, to) -> {
            throw new CorruptMessageException("checksum");
        });
        LeaderTerm term = new LeaderTerm(
                1,
                LeaderSettings.of(AGED, 1_000, 1_000, 300),
                new LeaderPorts(
                        ports.bus(),
                        ports.requests(),
                        ports.log(),
                        ports.reader(),
                        ports.counters(),
                        ports.clocks(),
                        ports.clientOf(),
                        (what, cause) -> fault.set(cause)));
        term.submit(List.of(deliver()));
        Thread leader = new Thread(term, "leader-term-test");
        leader.start();
        leader.join();

        assertThat(fault.get()).isInstanceOf(CorruptMessageException.class);
    }

    private static LeaderPorts portsReading(MessageReader reader) {
        LeaderFixture world = new LeaderFixture();
        LeaderPorts ports = world.ports(10);
        ports.bus().subscribe(Subject.of("inbox"), null, Scope.CLUSTER, message -> true);
        return new LeaderPorts(
                ports.bus(),
                ports.requests(),
                world,
                reader,
                ports.counters(),
                ports.clocks(),
                ports.clientOf(),
                ports.onFault());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Deliver deliver() {
        return new Deliver(1, "inbox", 1, "orders", 1, 1, 0, Long.MAX_VALUE - 1);
    }

    private static long leaderThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("leader-term"))
                .count();
    }
}
