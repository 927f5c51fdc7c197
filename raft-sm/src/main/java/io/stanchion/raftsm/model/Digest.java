package io.stanchion.raftsm.model;

import io.stanchion.proto.command.DigestProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a replica's state comes to. Replicas that have applied the same entries have equal ones, restored or not.
 *
 * @param version what is covered, and how: digests of different versions can't be compared
 * @param since log index of the entry with which the chains of the channels began; 0 if that was not agreed on, and nothing can be compared
 * @param tables for each table the sum of its rows' fingerprints
 */
public record Digest(int version, long since, List<Long> tables) {
    /** To be raised with every change of what a row holds or how a fingerprint is taken. */
    public static final int VERSION = 1;

    public Digest {
        tables = List.copyOf(tables);
    }

    public static Digest from(DigestProto proto) {
        return new Digest(proto.getVersion(), proto.getSince(), proto.getTablesList());
    }

    public DigestProto toProto() {
        return DigestProto.newBuilder()
                .setVersion(version)
                .setSince(since)
                .addAllTables(tables)
                .build();
    }

    /** Whether it says anything that these two are not equal. */
    public boolean isComparableTo(Digest other) {
        return since > 0 && version == other.version && since == other.since;
    }

    /** Names of the tables in which they differ. */
    public List<String> differences(Digest other) {
        List<String> names = new ArrayList<>();
        for (Changes.Table table : Changes.Table.values()) {
            int at = table.number();
            if (at < tables.size()
                    && at < other.tables.size()
                    && !tables.get(at).equals(other.tables.get(at))) {
                names.add(
                        table == Changes.Table.META
                                ? "the machine"
                                : table.name().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /** Short enough for a line of a log or a monitoring page. */
    @Override
    public String toString() {
        long sum = 0;
        for (long table : tables) {
            sum = sum * 31 + table;
        }
        return version + "." + since + "." + Long.toHexString(sum);
    }
}
