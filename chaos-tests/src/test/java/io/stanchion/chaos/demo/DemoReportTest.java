package io.stanchion.chaos.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.workload.DeliveryRecord;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {
    private static final DeliveryRecord.Tally GOOD = new DeliveryRecord.Tally(30_000, 14, 14, 20, 0, List.of());
    private static final DeliveryRecord.Tally BROKEN = new DeliveryRecord.Tally(30_000, 0, 0, 0, 1, List.of("broken"));

    private final Screen screen = new Screen(new PrintWriter(new StringWriter()), false);

    @Test
    void shouldPassOnlyWhenNothingIsLostAndNoPublishFailedAndTheOrderHeld() {
        assertThat(report(0, 0, GOOD, true).passed()).isTrue();
        assertThat(report(1, 0, GOOD, true).passed()).isFalse();
        assertThat(report(0, 1, GOOD, true).passed()).isFalse();
        assertThat(report(0, 0, BROKEN, true).passed()).isFalse();
        assertThat(report(0, 0, GOOD, false).passed()).isFalse();
    }

    @Test
    void shouldSayItInPlainWords() {
        assertThat(report(0, 0, GOOD, true).summary(screen))
                .containsExactly(
                        "Summary",
                        "  published      30 000",
                        "  acknowledged   30 000",
                        "  delivered      30 000 to each of 2 subscribers",
                        "  lost           0",
                        "  duplicated     28, all flagged as redelivered",
                        "  order          held",
                        "  longest pause  0.84 s between two acknowledgements",
                        "  killed node    caught up");
    }

    private static DemoReport report(int lost, int failed, DeliveryRecord.Tally tally, boolean caughtUp) {
        return new DemoReport(
                30_000, 30_000 - failed, failed, List.of(), List.of(tally, tally), lost, 840, caughtUp, 0);
    }
}
