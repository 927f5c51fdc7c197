package io.stanchion.raftsm.ratis;

import io.stanchion.raftsm.store.CorruptMessageException;
import io.stanchion.raftsm.store.DamagedStoreException;
import io.stanchion.raftsm.store.Store;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what is wrong with the data on disk from what is wrong with anything else. */
public final class Damage {
    /** Ratis' words for entries that can't be read. */
    private static final Set<String> IN_LOG = Set.of(
            "org.apache.ratis.protocol.exceptions.ChecksumException",
            "org.apache.ratis.server.raftlog.RaftLogIOException",
            "org.apache.ratis.io.CorruptedFileException",
            "org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException");

    private Damage() {}

    public static boolean isIn(@Nullable Throwable failure) {
        return find(failure) != null;
    }

    /** In a few words. */
    public static String reason(Throwable failure) {
        Throwable found = find(failure);
        Throwable told = found == null ? failure : found;
        return told.getMessage() == null ? told.toString() : told.getMessage();
    }

    private static @Nullable Throwable find(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CorruptMessageException
                    || cause instanceof DamagedStoreException
                    || IN_LOG.contains(cause.getClass().getName())
                    || Store.isUnreadable(cause)) {
                return cause;
            }
        }
        return null;
    }
}
