package io.stanchion.node.raft;

import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** The identity of a data directory that is in use. What can be read here is on disk. Any thread. */
final class IdentityFile {
    private final Path root;
    private final Lock changing = new ReentrantLock();
    private volatile Identity present;

    /** @param present as it is on disk */
    IdentityFile(Path root, Identity present) {
        this.root = root;
        this.present = present;
    }

    Identity present() {
        return present;
    }

    /**
     * Changes one at a time. If it can't be written, nothing has changed.
     *
     * @return as it was before
     */
    Identity change(UnaryOperator<Identity> change) throws DataDirectoryException {
        changing.lock();
        try {
            Identity before = present;
            Identity next = change.apply(before);
            if (!next.equals(before)) {
                next.write(root);
                present = next;
            }
            return before;
        } finally {
            changing.unlock();
        }
    }
}
