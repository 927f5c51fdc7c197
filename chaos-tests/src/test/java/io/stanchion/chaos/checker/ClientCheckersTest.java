package io.stanchion.chaos.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.Phase;
import io.stanchion.chaos.nemesis.Promise;
import io.stanchion.chaos.workload.SubscriberPlan;
import org.junit.jupiter.api.Test;

/** Judges of what clients saw, on trials that somebody has spoilt. */
class ClientCheckersTest {
    private final Doctored doctored = new Doctored();

    @Test
    void shouldFindWhatADurableNeverGot() {
        doctored.forget(Action.DELIVER, Phase.INFO, 6);

        assertThat(doctored.judgedBy(new SkippedDeliveries()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("orders 6"))
                .satisfies(finding -> assertThat(finding.evidence()).hasSize(2));
    }

    @Test
    void shouldFindThatADurableNeverGotTheLastOne() {
        doctored.forget(Action.DELIVER, Phase.INFO, 10);

        assertThat(doctored.judgedBy(new SkippedDeliveries())).hasSize(1);
    }

    @Test
    void shouldNotAskForWhatOneMissesWhoHasLeft() {
        doctored.forget(Action.DELIVER, Phase.INFO, 10);
        doctored.events.add(Doctored.event(11, Phase.INVOKE, Action.CLOSE, 7, "reader#1"));

        assertThat(doctored.judgedBy(new SkippedDeliveries())).isEmpty();
    }

    @Test
    void shouldFindASecondDeliveryWithoutTheFlag() {
        doctored.events.add(Doctored.delivery(12, "reader#1", 10, 10, false));

        assertThat(doctored.judgedBy(new RedeliveredFlag())).hasSize(1);
    }

    @Test
    void shouldFindASecondDeliveryWithoutTheFlagAfterTheDurableCameBack() {
        doctored.events.add(Doctored.event(11, Phase.INVOKE, Action.CLOSE, 7, "reader#1"));
        doctored.events.add(Doctored.event(12, Phase.INVOKE, Action.SUBSCRIBE, 8, "reader#2")
                .saying(Doctored.DURABLE.write()));
        doctored.events.add(Doctored.delivery(12.5, "reader#2", 3, 3, false));
        assertThat(doctored.judgedBy(new RedeliveredFlag())).hasSize(1);
    }

    @Test
    void shouldFindOldMessagesThatComeAsNew() {
        doctored.forget(Action.DELIVER, Phase.INFO, 2);
        doctored.events.add(Doctored.delivery(12, "reader#1", 2, 2, false));

        assertThat(doctored.judgedBy(new RedeliveredFlag())).hasSize(1);
    }

    @Test
    void shouldNotMindARedeliveryThatSaysSo() {
        doctored.events.add(Doctored.delivery(12, "reader#1", 10, 10, true));

        assertThat(doctored.judgedBy(new RedeliveredFlag())).isEmpty();
    }

    @Test
    void shouldFindAFlagOnWhatComesForTheFirstTimeBeforeAnyFault() {
        doctored.forget(Action.DELIVER, Phase.INFO, 4);
        doctored.events.add(Doctored.delivery(4.2, "reader#1", 4, 4, true));
        doctored.events.add(Doctored.event(5, Phase.INFO, Action.FAULT, 0, "").saying("kill a"));
        assertThat(doctored.judgedBy(new RedeliveredFlag()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("orders 4", "for the first time"));

        doctored.events.add(Doctored.event(3, Phase.INFO, Action.FAULT, 0, "").saying("kill b"));
        assertThat(doctored.judgedBy(new RedeliveredFlag())).isEmpty();
    }

    @Test
    void shouldFindThatWhatWasAcknowledgedComesAgain() {
        doctored.events.add(Doctored.event(2, Phase.INFO, Action.FAULT, 0, "").saying("kill a"));
        doctored.events.add(Doctored.delivery(40, "reader#1", 10, 10, true));
        assertThat(doctored.judgedBy(new RedeliveredFlag()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("orders 10", "acknowledged"));

        doctored.events.add(Doctored.event(12, Phase.INFO, Action.LINK, 0, "client-guest"));
        assertThat(doctored.judgedBy(new RedeliveredFlag()))
                .as("a guest has left")
                .hasSize(1);

        doctored.events.add(Doctored.event(12, Phase.INFO, Action.LINK, 0, "client"));
        assertThat(doctored.judgedBy(new RedeliveredFlag())).isEmpty();
    }

    @Test
    void shouldFindACountThatDoesNotRise() {
        doctored.events.add(Doctored.delivery(12, "reader#1", 10, 10, true).saying("count 1"));
        doctored.events.add(Doctored.delivery(14, "reader#1", 10, 10, true).saying("count 2"));
        assertThat(doctored.judgedBy(new RedeliveredFlag())).isEmpty();

        doctored.events.add(Doctored.delivery(16, "reader#1", 10, 10, true).saying("count 2"));
        assertThat(doctored.judgedBy(new RedeliveredFlag()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("count 2, after 2"));
    }

    @Test
    void shouldFindACountWithoutTheFlag() {
        doctored.forget(Action.DELIVER, Phase.INFO, 4);
        doctored.events.add(Doctored.delivery(4.2, "reader#1", 4, 4, false).saying("count 1"));

        assertThat(doctored.judgedBy(new RedeliveredFlag())).hasSize(1);
    }

    @Test
    void shouldFindMoreThanWasAskedFor() {
        for (int i = 3; i <= 5; i++) {
            doctored.forget(Action.ACK, Phase.INFO, 3);
        }

        assertThat(doctored.judgedBy(new InFlightBound()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).hasSize(3));
    }

    @Test
    void shouldNotCountRedeliveriesAgainstTheBound() {
        doctored.forget(Action.ACK, Phase.INFO, 1);
        for (int i = 0; i < 5; i++) {
            doctored.events.add(Doctored.delivery(12 + i, "reader#1", 1, 1, true));
        }

        assertThat(doctored.judgedBy(new InFlightBound())).isEmpty();
    }

    @Test
    void shouldFindALongTimeWithoutAnAcknowledgementWhenAMajorityStays() {
        doctored.events.add(Doctored.publish(12, Phase.INVOKE, 11));
        doctored.events.add(Doctored.publish(22, Phase.OK, 11));

        assertThat(doctored.judgedBy(new AckPause())).hasSize(1);

        doctored.promise = Promise.LONG;
        assertThat(doctored.judgedBy(new AckPause())).isEmpty();
    }

    @Test
    void shouldFindThatNothingIsEverAcknowledgedAgain() {
        doctored.events.add(Doctored.publish(30, Phase.INVOKE, 11));
        doctored.events.add(Doctored.event(41, Phase.INFO, Action.FAULT, 0, "").saying("the end"));

        assertThat(doctored.judgedBy(new AckPause())).hasSize(1);
    }

    @Test
    void shouldFindErrorsThatAClientSees() {
        doctored.events.add(Doctored.publish(12, Phase.INVOKE, 11));
        doctored.events.add(Doctored.publish(17, Phase.INFO, 11).saying("timeout"));
        doctored.events.add(Doctored.event(18, Phase.INFO, Action.LOST, 0, "client"));

        assertThat(doctored.judgedBy(new ClientErrors())).hasSize(2);
        doctored.promise = Promise.LONG;
        assertThat(doctored.judgedBy(new ClientErrors())).isEmpty();
    }

    @Test
    void shouldForgiveATimeoutWhenTheConnectionBrokeMeanwhile() {
        doctored.events.add(Doctored.publish(12, Phase.INVOKE, 11));
        doctored.events.add(Doctored.event(12.1, Phase.INFO, Action.LINK, 0, "client"));
        doctored.events.add(Doctored.publish(17, Phase.INFO, 11).saying("timeout"));

        assertThat(doctored.judgedBy(new ClientErrors())).isEmpty();
    }

    @Test
    void shouldNotForgiveATimeoutBecauseTheConnectionIsBack() {
        doctored.events.add(Doctored.event(11.9, Phase.INFO, Action.LINK, 0, "client"));
        doctored.events.add(Doctored.publish(12, Phase.INVOKE, 11));
        doctored.events.add(Doctored.event(12.1, Phase.INFO, Action.NEWS, 0, "client"));
        doctored.events.add(Doctored.publish(17, Phase.INFO, 11).saying("timeout"));

        assertThat(doctored.judgedBy(new ClientErrors())).hasSize(1);
    }

    @Test
    void shouldNotForgiveASessionForTheConnectionOfAnother() {
        doctored.events.add(
                Doctored.event(12, Phase.INVOKE, Action.CONNECT, 11, "").on("", "guest"));
        doctored.events.add(Doctored.event(12.1, Phase.INFO, Action.LINK, 0, "").on("", "client"));
        doctored.events.add(Doctored.event(17, Phase.INFO, Action.CONNECT, 11, "")
                .on("", "guest")
                .saying("timeout"));
        assertThat(doctored.judgedBy(new ClientErrors())).hasSize(1);

        doctored.events.add(Doctored.event(12.2, Phase.INFO, Action.LINK, 0, "").on("", "guest"));
        assertThat(doctored.judgedBy(new ClientErrors())).isEmpty();
    }

    @Test
    void shouldFindWhatIsNeverAnswered() {
        doctored.events.add(Doctored.publish(12, Phase.INVOKE, 11));

        assertThat(doctored.judgedBy(new ClientErrors()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("PUBLISH never ended"));
    }

    @Test
    void shouldFindFilesThatAreLeftOpenByEachFault() {
        doctored.events.add(Doctored.event(1, Phase.INFO, Action.SAMPLE, 0, "a").message(-1, 200));
        doctored.events.add(
                Doctored.event(12, Phase.INFO, Action.SAMPLE, 0, "a").message(-1, 400));

        assertThat(doctored.judgedBy(new FlatResources())).hasSize(1);
    }

    @Test
    void shouldFindANodeThatOpensEverMoreFiles() {
        doctored.events.add(
                Doctored.event(12, Phase.INFO, Action.SAMPLE, 0, "a").message(-1, 5000));

        assertThat(doctored.judgedBy(new FlatResources())).hasSize(1);
    }

    @Test
    void shouldFindANodeWhoseHeapGrows() {
        doctored.events.add(heap(0.5, 30));
        doctored.events.add(heap(12, 126));
        assertThat(doctored.judgedBy(new FlatResources())).isEmpty();

        doctored.events.add(heap(13, 127));
        assertThat(doctored.judgedBy(new FlatResources()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("bytes of heap"));
    }

    private static Event heap(double seconds, long mebibytes) {
        return Doctored.event(seconds, Phase.INFO, Action.HEAP, 0, "a").stored(Event.NONE, mebibytes << 20, false);
    }

    @Test
    void shouldExpectEachMessageOfAGroupWithoutADurableNameOnceAsLongAsSomebodyIsInIt() {
        SubscriberPlan crew =
                new SubscriberPlan("crew", Doctored.CHANNEL, "", "crew", SubscriberPlan.Start.NEW, 16, 2, 0);
        subscribe(20, "crew#1", crew);
        doctored.events.add(Doctored.delivery(21, "crew#1", 9, 9, false));
        subscribe(22, "crew#2", crew);
        doctored.events.add(Doctored.event(23, Phase.INVOKE, Action.CLOSE, 2000, "crew#1"));
        assertThat(doctored.judgedBy(new SkippedDeliveries()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("never got orders 10"));

        doctored.events.add(Doctored.delivery(24, "crew#2", 10, 10, false));
        doctored.events.add(Doctored.event(25, Phase.INVOKE, Action.CLOSE, 2001, "crew#2"));
        subscribe(26, "crew#3", crew);
        doctored.events.add(Doctored.delivery(27, "crew#3", 10, 10, false));
        assertThat(doctored.judgedBy(new SkippedDeliveries())).isEmpty();
        assertThat(doctored.judgedBy(new RedeliveredFlag())).isEmpty();
    }

    private void subscribe(double seconds, String party, SubscriberPlan plan) {
        long operation = (long) (seconds * 1000);
        doctored.events.add(Doctored.event(seconds, Phase.INVOKE, Action.SUBSCRIBE, operation, party)
                .saying(plan.write()));
        doctored.events.add(Doctored.event(seconds + 0.1, Phase.OK, Action.SUBSCRIBE, operation, party));
    }
}
