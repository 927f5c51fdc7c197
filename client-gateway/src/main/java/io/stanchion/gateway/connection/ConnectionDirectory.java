package io.stanchion.gateway.connection;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The connections of a gateway, those that are open and the last that were closed, for monitoring. Thread-safe. */
public final class ConnectionDirectory {
    private static final int CLOSED_MAX = 10_000;
    private static final long LOOP_MILLIS = 1_000;

    private final Map<Long, Connection> open;
    private final ArrayDeque<ConnectionFacts> closed = new ArrayDeque<>();
    private final Lock lock = new ReentrantLock();

    ConnectionDirectory(Map<Long, Connection> open) {
        this.open = open;
    }

    /** In no order. */
    public List<ConnectionFacts> open() {
        List<ConnectionFacts> found = new ArrayList<>(open.size());
        open.values().forEach(connection -> found.add(connection.facts()));
        return found;
    }

    /** The last ones, in the order of their ends. */
    public List<ConnectionFacts> closed() {
        lock.lock();
        try {
            return List.copyOf(closed);
        } finally {
            lock.unlock();
        }
    }

    /** What a connection has subscribed to; empty if it is gone. Waits for its event loop, but not for long. */
    public List<InterestFacts> interests(long connectionId) {
        Connection connection = open.get(connectionId);
        return connection == null ? List.of() : await(connection.interests());
    }

    /** The same for all connections, in their order. */
    public List<InterestFacts> interests() {
        List<CompletableFuture<List<InterestFacts>>> asked = new ArrayList<>();
        open.keySet().stream().sorted().forEach(id -> {
            Connection connection = open.get(id);
            if (connection != null) {
                asked.add(connection.interests());
            }
        });
        return asked.stream()
                .map(ConnectionDirectory::await)
                .flatMap(Collection::stream)
                .toList();
    }

    void onClosed(ConnectionFacts facts) {
        lock.lock();
        try {
            if (closed.size() == CLOSED_MAX) {
                closed.removeFirst();
            }
            closed.addLast(facts);
        } finally {
            lock.unlock();
        }
    }

    private static List<InterestFacts> await(CompletableFuture<List<InterestFacts>> answer) {
        try {
            return answer.get(LOOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException e) {
            return List.of(); // the loop has ended, or has more urgent things to do
        }
    }
}
