package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final AtomicBoolean clear = new AtomicBoolean(true);
    private final Admission admission = new Admission(clear::get);

    @Test
    void shouldLetNobodyInBeforeItIsOpen() {
        assertThat(admission.await()).isFalse();

        admission.open();

        assertThat(admission.await()).isTrue();
    }

    @Test
    void shouldMakeRequestsWaitUntilTheWayIsClear() throws Exception {
        clear.set(false);
        admission.open();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(admission::await);
        assertThat(waiting).isNotDone();

        clear.set(true);
        admission.look();

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldDropWhatWaitsWhenAnotherLeads() throws Exception {
        clear.set(false);
        admission.open();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(admission::await);

        admission.close();

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isFalse();
    }
}
