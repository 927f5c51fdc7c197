package io.stanchion.raftsm.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows that changed since the last drain, each once. A row that replaces a deleted one under the same key was created later and is
 * listed later, so writing them in this order ends with the right one.
 */
final class ChangeLog {
    private final List<StoredRow> listed = new ArrayList<>();
    private final List<ChannelRuns> appended = new ArrayList<>();
    private final Fingerprint fingerprint = new Fingerprint();
    private final RollingDigest digest = new RollingDigest(fingerprint);

    void list(StoredRow row) {
        listed.add(row);
    }

    void list(ChannelRuns runs) {
        appended.add(runs);
    }

    Fingerprint fingerprint() {
        return fingerprint;
    }

    RollingDigest digest() {
        return digest;
    }

    /** What has changed is in the digest when this returns; the next drain lists it all the same. */
    void count() {
        listed.forEach(StoredRow::count);
    }

    Changes drain() {
        List<Changes.PutRun> runs = drainRuns();
        List<Changes.Trim> trims = new ArrayList<>();
        List<Changes.Row> rows = new ArrayList<>(listed.size());
        for (StoredRow row : listed) {
            row.drainTo(trims, rows);
        }
        listed.clear();
        return new Changes(runs, trims, rows);
    }

    /** Only the messages; their channels' rows stay listed. */
    List<Changes.PutRun> drainRuns() {
        List<Changes.PutRun> runs = new ArrayList<>();
        appended.forEach(channel -> channel.drainTo(runs));
        appended.clear();
        return runs;
    }
}
