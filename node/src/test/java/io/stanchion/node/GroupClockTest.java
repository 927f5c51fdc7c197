package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.raftsm.ratis.LogClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GroupClockTest {
    private static final Instant NOON = Instant.parse("2024-05-02T12:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);

    private final List<Long> others = new ArrayList<>();
    private Instant own = NOON;
    private int otherNodes = 2;
    private final GroupClock clock = new GroupClock(() -> own, () -> others, () -> otherNodes);

    private void others(Instant... shown) {
        others.clear();
        for (Instant one : shown) {
            others.add(nanos(one));
        }
    }

    private static long nanos(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }

    @Test
    void shouldBeTheOwnClockOfANodeThatIsAlone() {
        otherNodes = 0;

        assertThat(clock.instant()).isEqualTo(NOON);
    }

    @Test
    void shouldBeTheOneInTheMiddle() {
        others(NOON.plusMillis(3), NOON.minusMillis(2));
        assertThat(clock.instant()).isEqualTo(NOON);
        others(NOON.plusMillis(3), NOON.plusMillis(7));
        assertThat(clock.instant()).isEqualTo(NOON.plusMillis(3));
    }

    @Test
    void shouldNotFollowOneClockThatIsWrong() {
        others(NOON.plus(YEAR), NOON.minusMillis(2));
        assertThat(clock.instant()).isEqualTo(NOON);
        others(NOON.minus(YEAR), NOON.minusMillis(2));
        assertThat(clock.instant()).isEqualTo(NOON.minusMillis(2));
        own = NOON.plus(YEAR);
        others(NOON.plusMillis(1), NOON);
        assertThat(clock.instant()).isEqualTo(NOON.plusMillis(1));
    }

    @Test
    void shouldShowNothingThatAMajorityHasNotReached() {
        own = NOON.plus(YEAR);
        others(NOON);
        assertThat(clock.instant()).as("of three one is away").isEqualTo(NOON);
        otherNodes = 4;
        others(NOON.plus(YEAR), NOON);
        assertThat(clock.instant()).as("of five two are away").isEqualTo(NOON);
    }

    @Test
    void shouldBeTheOwnClockAsLongAsNobodyIsKnown() {
        assertThat(clock.instant()).isEqualTo(NOON);
    }

    @Test
    void shouldKeepANewLeaderWhoseClockIsFarAheadFromAgeingEverything() {
        own = NOON.plus(YEAR);
        others(NOON, NOON.plusMillis(1));
        List<String> warnings = new ArrayList<>();
        LogClock log = new LogClock(clock, () -> 0, warnings::add);
        log.begin(nanos(NOON.minusSeconds(5)));

        assertThat(log.now()).isEqualTo(nanos(NOON.plusMillis(1)));
        assertThat(warnings).isEmpty();
    }
}
