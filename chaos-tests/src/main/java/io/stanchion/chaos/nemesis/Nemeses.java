package io.stanchion.chaos.nemesis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All kinds of faults, in the order in which they were thought of: the plain ones first. */
public final class Nemeses {
    private static final List<Nemesis> ALL = collect();

    private Nemeses() {}

    public static List<Nemesis> all() {
        return ALL;
    }

    public static Optional<Nemesis> named(String name) {
        return ALL.stream().filter(nemesis -> nemesis.name().equals(name)).findFirst();
    }

    private static List<Nemesis> collect() {
        List<Nemesis> all = new ArrayList<>();
        all.addAll(Kill.kinds());
        all.add(new RollingRestart());
        all.addAll(Pause.kinds());
        all.addAll(Partition.kinds());
        all.addAll(PowerCut.kinds());
        all.addAll(DiskFull.kinds());
        all.addAll(Lie.kinds());
        all.addAll(Damage.kinds());
        all.addAll(OldPart.kinds());
        all.addAll(LatentDamage.kinds());
        all.addAll(TornWrite.kinds());
        all.addAll(LostData.kinds());
        all.add(new ForeignDirectory());
        all.addAll(Members.kinds());
        all.addAll(RoughNetwork.kinds());
        all.add(new Crowd());
        all.addAll(FullCollection.kinds());
        all.addAll(NotYet.kinds());
        return List.copyOf(all);
    }
}
