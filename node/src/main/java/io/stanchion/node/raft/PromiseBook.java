package io.stanchion.node.raft;

import io.stanchion.proto.peer.Promised;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What the other nodes have told this one about how far they are. Lost when this process ends, but for the incarnations, which change only
 * when a node starts: those are on disk. Thread-safe.
 */
public final class PromiseBook {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final DataDirectory data;
    private final Map<Owner, Promised> kept = new ConcurrentHashMap<>();
    private final Map<String, Space> spaces = new ConcurrentHashMap<>();

    private record Space(boolean isShort, long nanos) {}

    private record Owner(String nodeId, String birth) {}

    public PromiseBook(DataDirectory data) {
        this.data = data;
    }

    /**
     * Keeps what a node tells, unless it tells nothing.
     *
     * @return what was known of it before; nothing if it has never told
     */
    public Promised keep(String nodeId, String birth, Promised told) throws DataDirectoryException {
        long heardOf = data.hearOf(nodeId, told.getIncarnation());
        Owner owner = new Owner(nodeId, birth);
        Promised before = kept.getOrDefault(owner, Promised.getDefaultInstance());
        if (told.getIncarnation() > 0) {
            kept.merge(owner, told, PromiseBook::later);
            spaces.put(nodeId, new Space(told.getDiskIsShort(), System.nanoTime()));
        }
        return heardOf <= before.getIncarnation()
                ? before
                : before.toBuilder().setIncarnation(heardOf).build();
    }

    /** Whether it has said lately that its disk is nearly full. */
    public boolean isShort(String nodeId) {
        Space space = spaces.get(nodeId);
        return space != null && space.isShort && isFresh(space);
    }

    /** Whether it has said lately that its disk is not nearly full. */
    public boolean hasRoom(String nodeId) {
        Space space = spaces.get(nodeId);
        return space != null && !space.isShort && isFresh(space);
    }

    private static boolean isFresh(Space space) {
        return System.nanoTime() - space.nanos < FRESH_NANOS;
    }

    /** A log that was begun anew begins with nothing promised. */
    private static Promised later(Promised kept, Promised told) {
        if (told.getLogSince() > kept.getLogSince()) {
            return told;
        } else if (told.getLogSince() < kept.getLogSince()) {
            return kept;
        }
        return Promised.newBuilder()
                .setLogSince(told.getLogSince())
                .setIncarnation(Math.max(kept.getIncarnation(), told.getIncarnation()))
                .setTerm(Math.max(kept.getTerm(), told.getTerm()))
                .setIndex(Math.max(kept.getIndex(), told.getIndex()))
                .build();
    }
}
