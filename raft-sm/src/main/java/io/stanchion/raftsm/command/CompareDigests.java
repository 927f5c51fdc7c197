package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;
import java.util.List;

/**
 * Each replica takes the digest of its state here; its node reports it with {@link ReportDigest}.
 *
 * @param members node IDs; what a majority of them has is right
 * @param begin the chains of the channels begin anew: there was no common beginning, or not all replicas could follow
 */
public record CompareDigests(int version, List<String> members, boolean begin) implements Command {
    public CompareDigests {
        members = List.copyOf(members);
    }

    @Override
    public Outcome apply(Meta meta, MachineState state) {
        state.comparison().takeDigest(meta.index(), version, members, begin);
        return Outcome.NOTHING;
    }

    @Override
    public boolean mayChange() {
        return false;
    }
}
