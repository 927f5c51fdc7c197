package io.stanchion.raftsm.ratis;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The log's clock while this node leads: what entries are stamped with, and what ack deadlines are compared with. Thread-safe.
 *
 * <p>Within a term it advances with monotonic time and is drawn toward the wall clock by at most a tenth of the time that passes. So it
 * never jumps and never goes back, and an ack wait is an ack wait, whatever happens to the wall clock: a jump of that would let everything
 * grow old at once, or nothing for as long as it went back.
 *
 * <p>A term begins at the wall clock if that is ahead of the log, because a cluster that was stopped for a night has to count the night.
 * Nobody here can tell such a night from a clock that is wrong: the wall clock is believed, which should be one that several nodes agree on.
 * A leader says so if entries of the term before were seen to arrive, and a jump while leading is told once.
 */
public final class LogClock {
    /** It runs faster or slower than real time by one part in so many, at most. */
    static final long SLEW_PARTS = 10;

    /** A smaller jump of the wall clock is not worth a line: its slew is over within minutes. */
    static final long JUMP_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A term may begin so much later than the log's clock was thought to be. */
    static final long STEP_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** Wall clocks are taken for times between 1970 and 2096, so that sums of nanoseconds don't overflow. */
    private static final long SECONDS_MAX = 4_000_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private final Consumer<String> warnings;
    private final Lock lock = new ReentrantLock();

    /** The three clocks when they were last read, at nearly the same time. Guarded by the lock, as is {@link #source}. */
    private long logNanos;

    private long wallNanos;
    private long monotonicNanos;
    private Source source = Source.UNHEARD;

    private enum Source {
        /** Nothing was heard of the log's clock. */
        UNHEARD,
        /** The clock continues what was stamped by another leader, or by this node in a term that is over. */
        HEARD,
        /** This node leads. */
        OURS
    }

    /** @param warnings takes sentences for the operator */
    public LogClock(InstantSource wall, LongSupplier nanoTime, Consumer<String> warnings) {
        this.wall = wall;
        this.nanoTime = nanoTime;
        this.warnings = warnings;
        wallNanos = readWall();
        logNanos = wallNanos;
        monotonicNanos = nanoTime.getAsLong();
    }

    private long readWall() {
        Instant now = wall.instant();
        return Math.max(0, Math.min(now.getEpochSecond(), SECONDS_MAX)) * NANOS_PER_SECOND + now.getNano();
    }

    /**
     * This node leads, unless it does so already.
     *
     * @param appliedNanos the log's clock after all entries of earlier terms
     */
    public void begin(long appliedNanos) {
        lock.lock();
        try {
            if (source != Source.OURS) {
                long expected = Math.max(appliedNanos, logNanos + readMonotonic());
                wallNanos = readWall();
                logNanos = Math.max(appliedNanos, wallNanos);
                tellOfStart(wallNanos - appliedNanos, source == Source.HEARD ? wallNanos - expected : 0);
                source = Source.OURS;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns how much time has passed since the last call. */
    private long readMonotonic() {
        long now = nanoTime.getAsLong();
        long elapsed = Math.max(0, now - monotonicNanos);
        monotonicNanos = now;
        return elapsed;
    }

    private void tellOfStart(long aheadOfLog, long aheadOfExpected) {
        if (aheadOfExpected >= STEP_NANOS) {
            warnings.accept("this node begins to lead, and its wall clock is " + seconds(aheadOfExpected)
                    + " ahead of the clock that the log had until now: it is believed, so that all messages are older"
                    + " by that at once; check the clocks of the nodes");
        } else if (aheadOfLog <= -JUMP_NANOS) {
            warnings.accept("this node begins to lead, and its wall clock is " + seconds(-aheadOfLog)
                    + " behind the log's clock, which never goes back: it runs up to a tenth slower until they"
                    + " agree; check the clocks of the nodes");
        }
    }

    /** This node does not lead any more. */
    public void end() {
        lock.lock();
        try {
            if (source == Source.OURS) {
                source = Source.HEARD;
            }
        } finally {
            lock.unlock();
        }
    }

    /** An entry of another leader has just been applied; entries come soon after they were stamped, as a rule. */
    public void hear(long appliedNanos) {
        lock.lock();
        try {
            if (source != Source.OURS) {
                source = Source.HEARD;
                logNanos = appliedNanos;
                monotonicNanos = nanoTime.getAsLong();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Unix nanoseconds; never less than before in the same term. Of no use while this node does not lead. */
    public long now() {
        lock.lock();
        try {
            if (source == Source.OURS) {
                advance();
            }
            return logNanos;
        } finally {
            lock.unlock();
        }
    }

    private void advance() {
        long elapsed = readMonotonic();
        long wallNow = readWall();
        tellOfJump(wallNow - wallNanos - elapsed);
        wallNanos = wallNow;
        logNanos += elapsed;
        long slewMax = elapsed / SLEW_PARTS;
        logNanos += Math.max(-slewMax, Math.min(wallNow - logNanos, slewMax));
    }

    private void tellOfJump(long jump) {
        if (Math.abs(jump) >= JUMP_NANOS) {
            warnings.accept("the wall clock jumped " + (jump > 0 ? "forward" : "back") + " by "
                    + seconds(Math.abs(jump)) + " while this node leads: the log's clock does not jump, it runs up to"
                    + " a tenth " + (jump > 0 ? "faster" : "slower") + " until they agree");
        }
    }

    private static String seconds(long nanos) {
        return nanos / NANOS_PER_SECOND + " s";
    }
}
