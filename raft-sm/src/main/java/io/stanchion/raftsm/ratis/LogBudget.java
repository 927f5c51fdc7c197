package io.stanchion.raftsm.ratis;

/**
 * How much of the Raft log may lie on disk, and so when a snapshot is due. A quarter of the bytes is written between two snapshots, a
 * quarter is left standing behind one for nodes that were away for a short while; the rest is for segments that can't be cut and for
 * nodes that are copying a checkpoint.
 *
 * @param bytesMax on disk
 * @param entriesMax left standing, however small they are: each costs some hundred bytes of heap
 * @param intervalNanos a snapshot is due after this time even if little was written
 */
public record LogBudget(long bytesMax, int entriesMax, long intervalNanos) {
    public static LogBudget defaults() {
        return new LogBudget(1 << 30, 50_000, 600_000_000_000L);
    }

    long bytesBetweenSnapshots() {
        return bytesMax / 4;
    }

    int entriesBetweenSnapshots() {
        return Math.max(1, entriesMax / 2);
    }

    long bytesKept() {
        return bytesMax / 4;
    }

    long bytesKeptForCheckpoints() {
        return bytesMax / 2;
    }
}
