package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/** For each table the sum of its rows' fingerprints. A row that changes is taken out as it was and put in as it is. */
final class RollingDigest {
    private final Fingerprint fingerprint;
    private final long[] tables = new long[Changes.Table.values().length];

    RollingDigest(Fingerprint fingerprint) {
        this.fingerprint = fingerprint;
    }

    /**
     * @param row as it is now
     * @param counted what this returned for it before; 0 if it is new. Returns its present part, 0 if it is deleted
     */
    long replace(Changes.Row row, long counted) {
        ByteString value = row.value();
        long now = value == null ? 0 : fingerprint.of(row.table(), row.key(), value);
        tables[row.table().number()] += now - counted;
        return now;
    }

    List<Long> tables() {
        List<Long> sums = new ArrayList<>(tables.length);
        for (long sum : tables) {
            sums.add(sum);
        }
        return sums;
    }
}
