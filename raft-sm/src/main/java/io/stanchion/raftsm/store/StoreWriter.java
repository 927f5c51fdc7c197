package io.stanchion.raftsm.store;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Writes to RocksDB on a thread of its own, `store-writer`, so that apply never waits for a write stall. The apply thread gives it one
 * batch at a time; whatever is applied meanwhile goes into the next.
 */
final class StoreWriter implements AutoCloseable {
    /** The apply thread's batch, its flush, and requests for checkpoints. More are refused. */
    private static final int JOBS_MAX = 16;

    private final Database database;
    private final RunStore runs;
    private final Trimmer trimmer;
    private final Consumer<Throwable> onFault;
    private final ApplyBatch.RunBuffer buffer = new ApplyBatch.RunBuffer();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(JOBS_MAX), job -> new Thread(job, "store-writer"));

    private volatile LogPosition written;
    private volatile CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

    /** Whether a flush in the background is asked for and has not begun. */
    private final AtomicBoolean flushWaits = new AtomicBoolean();

    StoreWriter(Database database, RunStore runs, Trimmer trimmer, LogPosition written, Consumer<Throwable> onFault) {
        this.database = database;
        this.runs = runs;
        this.trimmer = trimmer;
        this.written = written;
        this.onFault = onFault;
    }

    boolean isIdle() {
        return writing.isDone();
    }

    /**
     * Waits until the last batch is written.
     *
     * @throws CompletionException if that failed: the database lacks it, and nothing may be written any more
     */
    void awaitIdle() {
        writing.join();
    }

    /** Called by the apply thread only, when this is idle. */
    void write(ApplyBatch batch) {
        writing = run(() -> writeNow(batch));
    }

    private void writeNow(ApplyBatch changes) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            changes.writeTo(batch, database, trimmer, buffer);
            database.write(batch);
        }
        runs.written(changes.runs());
        written = changes.position();
    }

    /** Everything written by then goes to disk. */
    CompletableFuture<Void> flush() {
        return run(this::flushNow);
    }

    /** One that has not begun does for all who ask meanwhile, and its asker is told: a slow disk must not fill the queue. */
    void flush(Runnable whenDone) {
        if (!flushWaits.compareAndSet(false, true)) {
            return;
        }
        thread.execute(() -> {
            flushWaits.set(false);
            try {
                flushNow();
                whenDone.run();
            } catch (RocksDBException | RuntimeException | Error e) {
                onFault.accept(e);
            }
        });
    }

    private void flushNow() throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            trimmer.trimAll(batch);
            database.write(batch);
        }
        database.flush();
    }

    private CompletableFuture<Void> run(Job job) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        job.run();
                    } catch (RocksDBException | RuntimeException | Error e) {
                        onFault.accept(e);
                        throw new CompletionException(e);
                    }
                },
                thread);
    }

    @FunctionalInterface
    private interface Job {
        void run() throws RocksDBException;
    }

    /** Runs this between two batches, with the position of the last. If it fails nothing is lost. */
    <T> CompletableFuture<T> between(PositionedJob<T> job) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return job.run(written);
                    } catch (RocksDBException e) {
                        throw new CompletionException(e);
                    }
                },
                thread);
    }

    @FunctionalInterface
    interface PositionedJob<T> {
        T run(LogPosition written) throws RocksDBException;
    }

    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (thread.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
