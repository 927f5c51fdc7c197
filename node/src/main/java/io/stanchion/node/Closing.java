package io.stanchion.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be closed in the opposite order. One that fails does not keep the others from being closed. */
final class Closing implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private final Deque<Part> parts = new ArrayDeque<>();

    private volatile boolean closing;

    private record Part(String name, AutoCloseable part) {}

    <T extends AutoCloseable> T add(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    /** Leaves a part out. */
    void forget(String name) {
        parts.removeIf(part -> part.name.equals(name));
    }

    boolean isClosing() {
        return closing;
    }

    @Override
    public void close() {
        closing = true;
        while (!parts.isEmpty()) {
            Part last = parts.pop();
            try {
                last.part.close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                log.warn("closing the {} failed", last.name, e);
            }
        }
    }
}
