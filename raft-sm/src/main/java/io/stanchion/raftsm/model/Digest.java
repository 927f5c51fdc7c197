package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import java.util.List;

/** FNV-1a, 64 bits, over rows in order. */
final class Digest {
    private static final long PRIME = 0x100000001b3L;

    private long hash = 0xcbf29ce484222325L;

    private Digest() {}

    static long of(List<Changes.Row> rows) {
        Digest digest = new Digest();
        for (Changes.Row row : rows) {
            digest.add(row.table().name().hashCode());
            digest.add(row.key());
            ByteString value = row.value();
            if (value != null) {
                digest.add(value);
            }
        }
        return digest.hash;
    }

    private void add(ByteString bytes) {
        add(bytes.size());
        for (byte b : bytes.toByteArray()) {
            add(b);
        }
    }

    private void add(int value) {
        hash = (hash ^ value) * PRIME;
    }
}
