package io.stanchion.raftsm.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows that changed since the last drain, each once. A row that replaces a deleted one under the same key was created later and is
 * listed later, so writing them in this order ends with the right one.
 */
final class ChangeLog {
    private final List<StoredRow> listed = new ArrayList<>();

    void list(StoredRow row) {
        listed.add(row);
    }

    Changes drain() {
        List<Changes.PutRun> runs = new ArrayList<>();
        List<Changes.Trim> trims = new ArrayList<>();
        List<Changes.Row> rows = new ArrayList<>(listed.size());
        for (StoredRow row : listed) {
            row.drainTo(runs, trims, rows);
        }
        listed.clear();
        return new Changes(runs, trims, rows);
    }

    /** Only the messages, without forgetting that their channels' rows are to be written. */
    List<Changes.PutRun> drainRuns() {
        List<Changes.PutRun> runs = new ArrayList<>();
        for (StoredRow row : listed) {
            if (row instanceof Channel channel) {
                channel.drainRuns(runs);
            }
        }
        return runs;
    }
}
