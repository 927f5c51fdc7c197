package io.stanchion.raftsm.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.MemoryStore;
import io.stanchion.raftsm.effect.Effect.TrimUnfinished;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits that are narrowed over a huge channel. */
class BoundedTrimTest {
    private static final ByteString RECORD = ByteString.copyFrom(new byte[] {1, 7});
    private static final int RUNS = Channel.RUNS_DROPPED_MAX * 5 / 2;

    private final MachineState state = new MemoryStore().restore();

    @ParameterizedTest
    @CsvSource({"100, 0, 0, 100", "0, 20, 0, 10", "0, 0, 50, 50"})
    void shouldTakeSeveralEntriesAndAskForThem(long maxMessages, long maxBytes, long maxAge, long kept) {
        Channel channel = filled("huge");
        Channel small = filled("small", 200);
        state.configure(settings(maxMessages, maxBytes, maxAge), outbox());
        int entries = 0;
        boolean unfinished = true;
        while (unfinished) {
            long before = channel.first();
            Outbox out = outbox();
            state.enforceLimits(out);
            unfinished = out.effects().contains(new TrimUnfinished());
            assertThat(channel.first() - before).isLessThanOrEqualTo(Channel.RUNS_DROPPED_MAX);
            entries++;
        }
        assertThat(entries).isEqualTo(3);
        assertThat(channel.last() - channel.first() + 1).isEqualTo(kept);
        assertThat(channel.bytes()).isEqualTo(kept * RECORD.size());
        long keptOfSmall = maxAge > 0 ? 200 : kept; // all of it is young
        assertThat(small.last() - small.first() + 1).isEqualTo(keptOfSmall);
    }

    private Channel filled(String name) {
        return filled(name, RUNS);
    }

    private Channel filled(String name, int runs) {
        Channel channel = state.openChannel(name, 1, outbox());
        for (int i = 0; i < runs; i++) {
            long now = state.advanceClock(1, Math.max(state.clockNanos(), (long) RUNS - runs + i + 1));
            channel.append(1, RECORD, state.outbox(1, now));
        }
        return channel;
    }

    private Outbox outbox() {
        return state.outbox(1, state.clockNanos());
    }

    private static Settings settings(long maxMessages, long maxBytes, long maxAge) {
        return new Settings(
                0, new ChannelLimits(0, maxMessages, maxBytes, maxAge, 0), new TreeMap<>(), 10, false, false);
    }
}
