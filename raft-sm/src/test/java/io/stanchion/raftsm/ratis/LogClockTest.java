package io.stanchion.raftsm.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LogClockTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private static final long YEAR = TimeUnit.DAYS.toNanos(365);
    private static final long START = 1_700_000_000L * SECOND;

    private final List<String> warnings = new ArrayList<>();
    private long wallNanos = START;
    private long nanos = -7; // an arbitrary origin, as System.nanoTime has
    private final LogClock clock = new LogClock(() -> Instant.ofEpochSecond(0, wallNanos), () -> nanos, warnings::add);

    private void pass(long passed) {
        wallNanos += passed;
        nanos += passed;
    }

    /** Time passes while the clock is looked at once a second, as a leader does. */
    private void passWatched(long passed) {
        for (long left = passed; left > 0; left -= SECOND) {
            pass(Math.min(left, SECOND));
            clock.now();
        }
    }

    @Test
    void shouldBeTheWallClockWhileThatRunsEvenly() {
        clock.begin(0);
        pass(1);
        assertThat(clock.now()).isEqualTo(START + 1);
        pass(30 * SECOND);
        assertThat(clock.now()).isEqualTo(START + 1 + 30 * SECOND);
        assertThat(warnings).isEmpty();
    }

    @Test
    void shouldFollowAWallClockThatIsCorrectedGently() {
        clock.begin(0);
        for (int i = 0; i < 100; i++) {
            pass(SECOND);
            wallNanos += SECOND / 2000;
            assertThat(clock.now()).isEqualTo(wallNanos);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void shouldNotJumpAYearForwardWithTheWallClock() {
        clock.begin(START);
        wallNanos += YEAR;
        assertThat(clock.now()).isEqualTo(START);
        pass(30 * SECOND);
        assertThat(clock.now()).isEqualTo(START + 33 * SECOND);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("jumped forward by 31536000 s")
                .contains("faster");
        wallNanos -= YEAR; // corrected
        passWatched(33 * SECOND);
        assertThat(clock.now()).isEqualTo(wallNanos).isEqualTo(START + 63 * SECOND);
        assertThat(warnings).hasSize(2).last().asString().contains("jumped back by 31536000 s");
    }

    @Test
    void shouldRunOnWhenTheWallClockGoesBackAnHourUntilTheyAgree() {
        clock.begin(START);
        wallNanos -= HOUR;
        assertThat(clock.now()).isEqualTo(START);
        passWatched(30 * SECOND);
        assertThat(clock.now()).isEqualTo(START + 27 * SECOND);
        passWatched(10 * HOUR - 31 * SECOND);
        assertThat(clock.now()).isGreaterThan(wallNanos);
        passWatched(SECOND);
        assertThat(clock.now()).isEqualTo(wallNanos);
        passWatched(HOUR);
        assertThat(clock.now()).isEqualTo(wallNanos);
        assertThat(warnings).singleElement().asString().contains("jumped back by 3600 s");
    }

    @Test
    void shouldNeverGoBackNorLeaveTheBoundWhateverTheWallClockDoes() {
        for (long seed = 1; seed <= 20; seed++) {
            LogClock tossed = new LogClock(() -> Instant.ofEpochSecond(0, wallNanos), () -> nanos, warnings::add);
            SplittableRandom random = new SplittableRandom(seed);
            tossed.begin(START);
            long before = tossed.now();
            for (int i = 0; i < 1000; i++) {
                long passed = random.nextInt(5) == 0 ? 0 : random.nextLong(HOUR);
                nanos += passed;
                wallNanos = random.nextInt(3) == 0 ? random.nextLong(Long.MAX_VALUE) : wallNanos + passed;
                long now = tossed.now();
                assertThat(now - before)
                        .as("in %d ns, seed %d, step %d", passed, seed, i)
                        .isBetween(passed - passed / 10, passed + passed / 10);
                before = now;
            }
        }
    }

    @Test
    void shouldBeginAtTheWallClockAfterANightWithoutAWord() {
        clock.begin(START - 8 * HOUR);
        assertThat(clock.now()).isEqualTo(START);
        assertThat(warnings).isEmpty();
    }

    @Test
    void shouldGoOnAtTheLogsClockWhenThatIsAhead() {
        clock.begin(START + YEAR);
        assertThat(clock.now()).isEqualTo(START + YEAR);
        passWatched(30 * SECOND);
        assertThat(clock.now()).as("a tenth slower").isEqualTo(START + YEAR + 27 * SECOND);
        assertThat(warnings).singleElement().asString().contains("31536000 s behind the log's clock");
    }

    @Test
    void shouldBelieveItsWallClockAndSaySoWhenItTakesOverFromALeaderOfAnotherTime() {
        clock.hear(START - YEAR);
        pass(30 * SECOND);
        clock.begin(START - YEAR);
        assertThat(clock.now()).isEqualTo(START + 30 * SECOND);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("31536000 s ahead of the clock that the log had")
                .contains("believed");
    }

    @Test
    void shouldTakeOverQuietlyAfterALongSilence() {
        clock.hear(START - SECOND); // the clocks of the nodes differ a little
        pass(8 * HOUR);
        clock.begin(START - SECOND);
        assertThat(clock.now()).isEqualTo(START + 8 * HOUR);
        assertThat(warnings).isEmpty();
    }

    @Test
    void shouldBeginATermOnce() {
        clock.begin(START);
        wallNanos += YEAR;
        pass(SECOND);
        clock.begin(START);
        clock.hear(START + 2 * YEAR);
        assertThat(clock.now()).isEqualTo(START + 11 * SECOND / 10);
    }

    @Test
    void shouldTakeTheStepInTheNextTermAndSaySoWhenTheWallClockJumpedInTheLast() {
        clock.begin(START);
        wallNanos += HOUR;
        assertThat(clock.now()).isEqualTo(START);
        clock.end();
        warnings.clear();
        pass(SECOND);
        clock.begin(START);
        assertThat(clock.now()).isEqualTo(START + HOUR + SECOND);
        assertThat(warnings).singleElement().asString().contains("3600 s ahead of the clock that the log had");
    }

    @Test
    void shouldTakeAnAbsurdWallClockForTheNextBestTime() {
        LogClock absurd = new LogClock(() -> Instant.MAX, () -> nanos, warnings::add);
        absurd.begin(0);
        nanos += SECOND;
        assertThat(absurd.now()).isBetween(4_000_000_000L * SECOND, 4_000_000_002L * SECOND);
        LogClock ancient = new LogClock(() -> Instant.MIN, () -> nanos, warnings::add);
        ancient.begin(START);
        assertThat(ancient.now()).isEqualTo(START);
    }
}
