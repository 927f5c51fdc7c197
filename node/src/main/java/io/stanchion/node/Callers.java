package io.stanchion.node;

import io.stanchion.raftsm.ratis.RaftIds;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Who has asked this process for its place, with which data directory: so a newcomer says what it is called. Thread-safe. */
final class Callers {
    private static final long PATIENCE_MILLIS = 5_000;

    private final Lock lock = new ReentrantLock();
    private final Condition heard = lock.newCondition();
    private final Map<String, String> births = new HashMap<>();

    void heard(String nodeId, String birth) {
        lock.lock();
        try {
            births.put(nodeId, birth);
            heard.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The name in the Raft group of a node that is no member yet. Blocks for a moment if it has not called. */
    String raftIdOf(String nodeId) throws IOException {
        long patience = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        lock.lock();
        try {
            while (!births.containsKey(nodeId) && patience > 0) {
                patience = heard.awaitNanos(patience);
            }
            String birth = births.get(nodeId);
            if (birth == null) {
                throw new IOException("node " + nodeId + " has not called yet; start it, with an empty data directory"
                        + " and all members of the cluster among its peers, then ask again");
            }
            return RaftIds.newcomer(nodeId, birth);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for node " + nodeId, e);
        } finally {
            lock.unlock();
        }
    }
}
