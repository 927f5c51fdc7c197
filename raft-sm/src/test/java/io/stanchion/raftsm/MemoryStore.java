package io.stanchion.raftsm;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.RunIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store that keeps all it is given in memory, and insists on being given it properly. */
public final class MemoryStore implements RunIndex {
    private final Map<Changes.Table, TreeMap<String, Changes.Row>> tables = new TreeMap<>();
    private final Map<Long, NavigableMap<Long, Changes.PutRun>> channels = new TreeMap<>();

    public void write(Changes changes) {
        changes.runs().forEach(this::put);
        changes.trims().forEach(trim -> {
            NavigableMap<Long, Changes.PutRun> runs = runs(trim.channelId());
            while (!runs.isEmpty() && lastOf(runs.firstEntry().getValue()) < trim.newFirst()) {
                runs.pollFirstEntry();
            }
            if (trim.newFirst() == Long.MAX_VALUE) {
                channels.remove(trim.channelId());
            }
        });
        changes.rows().forEach(this::put);
    }

    public void put(Changes.PutRun run) {
        NavigableMap<Long, Changes.PutRun> runs = runs(run.channelId());
        if (!runs.isEmpty() && lastOf(runs.lastEntry().getValue()) + 1 != run.first()) {
            throw new AssertionError("run " + run.first() + " does not follow "
                    + runs.lastEntry().getValue().first());
        }
        runs.put(run.first(), run);
    }

    private void put(Changes.Row row) {
        Map<String, Changes.Row> table = tables.computeIfAbsent(row.table(), t -> new TreeMap<>());
        String key = hex(row.key());
        if (row.value() == null) {
            table.remove(key);
        } else {
            table.put(key, row);
        }
    }

    /** Rows by table and key, for comparing. */
    public static Map<String, ByteString> byKey(Iterable<Changes.Row> rows) {
        Map<String, ByteString> byKey = new TreeMap<>();
        rows.forEach(row -> byKey.put(row.table() + " " + hex(row.key()), row.value()));
        return byKey;
    }

    private static String hex(ByteString bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte b : bytes.toByteArray()) {
            hex.append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return hex.toString();
    }

    public List<Changes.Row> rows() {
        List<Changes.Row> rows = new ArrayList<>();
        tables.values().forEach(table -> rows.addAll(table.values()));
        return rows;
    }

    public MachineState restore() {
        return MachineState.restore(this, rows());
    }

    /** What the messages from {@code first} on weigh, a cut run counted by its part. */
    public long bytesFrom(long channelId, long first) {
        long bytes = 0;
        for (Changes.PutRun run : runs(channelId).values()) {
            if (lastOf(run) >= first) {
                long size = run.records().size();
                bytes += size - size * Math.max(0, first - run.first()) / run.count();
            }
        }
        return bytes;
    }

    @Override
    public @Nullable Run runAt(long channelId, long sequence) {
        NavigableMap<Long, Changes.PutRun> runs = runs(channelId);
        Map.Entry<Long, Changes.PutRun> entry = runs.floorEntry(sequence);
        if (entry == null || lastOf(entry.getValue()) < sequence) {
            entry = runs.higherEntry(sequence);
        }
        return entry == null ? null : summary(entry.getValue());
    }

    @Override
    public @Nullable Run firstRunSince(long channelId, long fromSequence, long timestampNanos) {
        for (Changes.PutRun run : runs(channelId).values()) {
            if (lastOf(run) >= fromSequence && run.timestampNanos() >= timestampNanos) {
                return summary(run);
            }
        }
        return null;
    }

    private NavigableMap<Long, Changes.PutRun> runs(long channelId) {
        return channels.computeIfAbsent(channelId, id -> new TreeMap<>());
    }

    private static long lastOf(Changes.PutRun run) {
        return run.first() + run.count() - 1;
    }

    private static Run summary(Changes.PutRun run) {
        return new Run(
                run.first(), run.count(), run.timestampNanos(), run.records().size());
    }
}
