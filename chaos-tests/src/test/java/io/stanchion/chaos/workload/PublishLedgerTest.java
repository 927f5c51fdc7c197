package io.stanchion.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PublishLedgerTest {
    private final PublishLedger ledger = new PublishLedger();

    @Test
    void shouldBeSettledWhenEveryPublishHasItsAnswer() {
        ledger.recordPublish();
        ledger.recordPublish();
        ledger.recordAcknowledged(0);
        assertThat(ledger.isSettled()).isFalse();
        ledger.recordFailure(1, new IOException("no"));

        assertThat(ledger.isSettled()).isTrue();
        assertThat(ledger.published()).isEqualTo(2);
        assertThat(ledger.acknowledged().stream()).containsExactly(0);
        assertThat(ledger.failures()).containsExactly("message 1: no");
    }

    @Test
    void shouldNotTakeAnIdlePublisherForAPause() {
        ledger.recordPublish();
        ledger.recordAcknowledged(0);
        ledger.resetPause();
        long idleUntil = System.nanoTime() + 50_000_000;
        while (System.nanoTime() < idleUntil) {
            Thread.onSpinWait();
        }
        ledger.recordPublish();
        ledger.recordAcknowledged(1);

        assertThat(ledger.longestPauseMillis()).isLessThan(50);
    }
}
