package io.stanchion.raftsm.model;

import io.stanchion.raftsm.model.Observation.DigestReported;
import io.stanchion.raftsm.model.Observation.DigestTaken;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares this replica with the others, by way of the log: an entry asks all replicas for the digest of the state that they have come to
 * with it, and each reports its own in another entry. What comes of it is for the nodes to judge; the state only knows since when there is
 * something to compare. Owned by the apply thread.
 */
public final class Comparison {
    private final ChangeLog changeLog;
    private final Header header;
    private final Channels channels;
    private List<Observation> observations = List.of();
    private long lastRound;
    private long changes;

    Comparison(ChangeLog changeLog, Header header, Channels channels) {
        this.changeLog = changeLog;
        this.header = header;
        this.channels = channels;
    }

    /**
     * All replicas are to be compared here. A replica whose code has another digest stays out until an entry lets them begin anew, for it
     * does not continue the chains as the others do.
     */
    public void takeDigest(long index, int version, List<String> members, boolean begin) {
        if (version != Digest.VERSION) {
            beginChains(0);
            return;
        }
        if (begin) {
            beginChains(index);
        }
        if (index != lastRound) { // of two in one entry the first counts: their digests may differ, and a report names
            // the entry only
            lastRound = index;
            observe(new DigestTaken(index, members, digest(), changes));
        }
    }

    private void beginChains(long index) {
        if (header.digestsSince != index) {
            header.digestsSince = index;
            header.changed();
            channels.all().forEach(Channel::beginChain);
        }
    }

    public void report(long round, String nodeId, Digest digest) {
        observe(new DigestReported(round, nodeId, digest));
    }

    private void observe(Observation observation) {
        if (observations.isEmpty()) {
            observations = new ArrayList<>(2);
        }
        observations.add(observation);
    }

    /** What there was to observe since the last call, in order. */
    public List<Observation> drain() {
        List<Observation> drained = observations;
        observations = List.of();
        return drained;
    }

    /** A command that may change the state was applied. */
    public void changed() {
        changes++;
    }

    /** Counts what may have changed the state since this replica was opened: nothing new to compare as long as it stands still. */
    public long changes() {
        return changes;
    }

    /** Of the state as it is now. */
    public Digest digest() {
        changeLog.count();
        return new Digest(
                Digest.VERSION, header.digestsSince, changeLog.digest().tables());
    }
}
