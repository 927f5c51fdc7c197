package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import java.util.List;

/** A part of the state with a row of its own in the store. Whoever changes one says so, and the next drain writes it once. */
abstract class StoredRow {
    private final ChangeLog changeLog;
    private boolean listed;
    private boolean deleted;

    /** Its part of the digest, as it was counted last. */
    private long counted;

    StoredRow(ChangeLog changeLog) {
        this.changeLog = changeLog;
    }

    final void changed() {
        if (!listed) {
            listed = true;
            changeLog.list(this);
        }
    }

    final void delete() {
        deleted = true;
        changed();
    }

    final boolean isDeleted() {
        return deleted;
    }

    final void drainTo(List<Changes.Trim> trims, List<Changes.Row> rows) {
        listed = false;
        drainTrims(trims);
        Changes.Row row = new Changes.Row(table(), key(), deleted ? null : value());
        count(row);
        rows.add(row);
    }

    /** The digest has this row as it is now. */
    final void count() {
        count(new Changes.Row(table(), key(), deleted ? null : value()));
    }

    private void count(Changes.Row row) {
        counted = changeLog.digest().replace(row, counted);
    }

    final Fingerprint fingerprint() {
        return changeLog.fingerprint();
    }

    final Changes.Row row() {
        return new Changes.Row(table(), key(), value());
    }

    /** For the one kind of row that has messages behind it. */
    void drainTrims(List<Changes.Trim> trims) {}

    abstract Changes.Table table();

    abstract ByteString key();

    abstract ByteString value();
}
