package io.stanchion.raftsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.command.Batch;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Observation;
import java.util.List;
import java.util.SplittableRandom;

/** One node's machine and its store, which drains when it likes, and dies when it likes. */
final class Replica {
    private final SplittableRandom random;
    private final boolean drainsRunsFirst;
    private final MemoryStore store = new MemoryStore();
    private MachineState state = store.restore();
    private List<Observation> observations = List.of();

    Replica(SplittableRandom random) {
        this.random = random;
        drainsRunsFirst = random.nextBoolean();
    }

    BatchApplier.Result apply(long term, long index, Batch batch) {
        BatchApplier.Result result = BatchApplier.apply(term, index, batch, state);
        observations = state.comparison().drain();
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

    /** As it was kept up, which is what is found by looking at everything. */
    Digest digest() {
        Digest rolling = state.comparison().digest();
        if (random.nextInt(4) == 0) { // it takes longer than all the rest
            assertThat(rolling).as("the rolling digest").isEqualTo(state.digest());
        }
        return rolling;
    }

    /** Of the last entry. */
    List<Observation> observations() {
        return observations;
    }
}
