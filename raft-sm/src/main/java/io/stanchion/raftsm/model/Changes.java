package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store must write to catch up with the model: the difference between two calls of {@code MachineState.drainChanges()}.
 * Apply the lists in the order of the components.
 */
public record Changes(List<PutRun> runs, List<Trim> trims, List<Row> rows) {

    /** Messages {@code first..first+count-1}, as they came: {@code records} is AppendProto.records, without what was refused. */
    public record PutRun(long channelId, long first, int count, long timestampNanos, ByteString records) {}

    /** Everything of this channel below {@code newFirst} is gone; {@code Long.MAX_VALUE}: the channel itself is gone. */
    public record Trim(long channelId, long newFirst) {}

    /** A row of a small table; a null value deletes it. */
    public record Row(Table table, ByteString key, @Nullable ByteString value) {}

    public enum Table {
        META(0),
        CHANNELS(1),
        SESSIONS(2),
        SUBSCRIPTIONS(3),
        GATEWAYS(4);

        /** Its place in a digest. */
        private final int number;

        Table(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }
}
