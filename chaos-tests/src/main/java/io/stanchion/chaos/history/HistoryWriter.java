package io.stanchion.chaos.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Appends to the history of one process. Thread-safe. When {@link #append} returns the kernel has the line: a kill of the process doesn't
 * take it back, so no operation is ever seen on a server before it is seen here.
 */
public final class HistoryWriter implements AutoCloseable {
    private final String process;
    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong operations = new AtomicLong();

    public HistoryWriter(Path file, String process) throws IOException {
        this.process = process;
        out = new FileOutputStream(file.toFile(), true);
    }

    /** A number for an operation that begins. */
    public long nextOperation() {
        return operations.incrementAndGet();
    }

    /** An event of this process and this moment, to be filled in and appended. */
    public Event event(Phase phase, Action action, long operation) {
        return Event.now(process, phase, action, operation);
    }

    public void append(Event event) {
        byte[] line = (EventLine.write(event) + "\n").getBytes(UTF_8);
        lock.lock();
        try {
            out.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException("the history can't be written", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
