package io.stanchion.raftsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.command.Batch;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.MachineState;
import java.util.SplittableRandom;

/** One node's machine and its store, which drains when it likes, and dies when it likes. */
final class Replica {
    private final SplittableRandom random;
    private final boolean drainsRunsFirst;
    private final MemoryStore store = new MemoryStore();
    private MachineState state = store.restore();

    Replica(SplittableRandom random) {
        this.random = random;
        drainsRunsFirst = random.nextBoolean();
    }

    BatchApplier.Result apply(long term, long index, Batch batch) {
        BatchApplier.Result result = BatchApplier.apply(term, index, batch, state);
        if (drainsRunsFirst) {
            state.drainRuns().forEach(store::put);
        }
        int dice = random.nextInt(12);
        if (dice < 3) {
            store.write(state.drainChanges());
            compareWithStore();
        }
        if (dice == 0) {
            state = store.restore();
            assertThat(state.drainChanges().rows())
                    .as("a restored machine has nothing to write")
                    .isEmpty();
        }
        return result;
    }

    private void compareWithStore() {
        assertThat(MemoryStore.byKey(store.rows()))
                .as("what was drained is what there is")
                .isEqualTo(MemoryStore.byKey(state.rows()));
        for (Channel channel : state.channels()) {
            assertThat(store.bytesFrom(channel.id(), channel.first()))
                    .as("bytes of %s", channel.name())
                    .isEqualTo(channel.bytes());
        }
    }

    long digest() {
        return state.digest();
    }
}
