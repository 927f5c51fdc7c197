package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.MachineState;

/** What the replica of a node had come to at the entry with the index {@code round}. All nodes hear of it, in the same order. */
public record ReportDigest(long round, String nodeId, Digest digest) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        state.comparison().report(round, nodeId, digest);
        return Outcome.NOTHING;
    }

    @Override
    public boolean mayChange() {
        return false;
    }
}
