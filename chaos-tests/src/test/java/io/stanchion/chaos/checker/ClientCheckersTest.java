package io.stanchion.chaos.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Phase;
import io.stanchion.chaos.nemesis.Promise;
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
    void shouldFindANodeThatOpensEverMoreFiles() {
        doctored.events.add(
                Doctored.event(12, Phase.INFO, Action.SAMPLE, 0, "a").message(-1, 5000));

        assertThat(doctored.judgedBy(new FlatResources())).hasSize(1);
    }
}
