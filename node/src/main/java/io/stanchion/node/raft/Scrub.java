package io.stanchion.node.raft;

import io.stanchion.raftsm.ratis.StanchionStateMachine;
import io.stanchion.raftsm.store.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads old data slowly, on a thread of its own, so that a block that has gone bad is found while the other nodes still have good ones. The
 * Raft log's open segment is left out: it is being written, and read again at the next start.
 */
public final class Scrub implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Scrub.class);

    private final DataDirectory data;
    private final StanchionStateMachine machine;
    private final Settings settings;
    private final Consumer<String> onDamage;
    private final Thread thread = new Thread(this::run, "scrub");

    /**
     * How often and how fast.
     *
     * @param intervalMillis from the end of one round to the next; 0 for never
     */
    public record Settings(long intervalMillis, long bytesPerSecond) {}

    /** @param onDamage told what is damaged, in a few words */
    public Scrub(DataDirectory data, StanchionStateMachine machine, Settings settings, Consumer<String> onDamage) {
        this.data = data;
        this.machine = machine;
        this.settings = settings;
        this.onDamage = onDamage;
        thread.setDaemon(true);
    }

    public void start() {
        if (settings.intervalMillis > 0) {
            thread.start();
        }
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(settings.intervalMillis);
                String damage = round(new Throttle(settings.bytesPerSecond));
                if (!damage.isEmpty()) {
                    onDamage.accept(damage);
                    return;
                }
            }
        } catch (InterruptedException e) {
            log.debug("stopped");
        }
    }

    /** Returns what is damaged; empty if nothing is, or not all could be read this time. */
    String round(Pace pace) throws InterruptedException {
        try {
            for (LogSegmentFile segment : LogCheck.closedSegments(data.raft())) {
                readTwice(segment);
                pace.read(segment.bytes());
            }
            machine.scrub(pace);
            log.debug("all data was read, and is as it was written");
            return "";
        } catch (IOException | UncheckedIOException e) {
            String damage = Quarantine.damageIn(e);
            if (damage.isEmpty()) {
                log.warn("could not read all data, and try again later: {}", e.getMessage());
            }
            return damage;
        } catch (RuntimeException e) {
            String damage = Quarantine.damageIn(e);
            if (damage.isEmpty()) {
                log.debug("cut short", e); // by the end of the database, or its replacement
            }
            return damage;
        }
    }

    /** Ratis may have cut it, or deleted it, meanwhile. */
    private static void readTwice(LogSegmentFile segment) throws IOException {
        try {
            segment.read();
        } catch (IOException e) {
            if (Files.exists(segment.path())) {
                segment.read();
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** As many bytes as are allowed in the time that has passed. */
    private static final class Throttle implements Pace {
        private final long bytesPerSecond;
        private final long began = System.nanoTime();
        private long total;

        Throttle(long bytesPerSecond) {
            this.bytesPerSecond = bytesPerSecond;
        }

        @Override
        public void read(long bytes) throws InterruptedException {
            total += bytes;
            long due = (long) (total * 1e9 / bytesPerSecond);
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - (System.nanoTime() - began)));
        }
    }
}
