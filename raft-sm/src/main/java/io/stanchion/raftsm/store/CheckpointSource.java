package io.stanchion.raftsm.store;

import java.io.IOException;
import java.nio.file.Path;

/** Where a node that lags too far behind gets its database from. */
public interface CheckpointSource {
    /**
     * Copies a checkpoint of another node into an empty directory. Blocks until it is whole; syncing it is up to the caller.
     *
     * @param atLeastIndex a checkpoint that ends before is of no use
     * @return where the other node says that it ends
     */
    LogPosition pull(String nodeId, long atLeastIndex, Path target) throws IOException;
}
