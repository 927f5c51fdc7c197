package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.random.RandomGenerator;

/** Something that is done to nodes: whom it meets, and what it is. */
record Fault(String name, Victims victims, ClusterNeeds needs, Promise promise, Deed deed) implements Nemesis {
    /** Inflicts, holds, heals. */
    @FunctionalInterface
    interface Deed {
        void doTo(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
                throws Exception;
    }

    /** The same to different victims, whose label is the end of its name. The promise follows from who is left. */
    static List<Nemesis> to(List<Victims> different, String what, ClusterNeeds needs, Deed deed) {
        return different.stream()
                .<Nemesis>map(
                        victims -> new Fault(what + "-" + victims.label(), victims, needs, victims.promise(), deed))
                .toList();
    }

    static List<Nemesis> toEachKind(String what, ClusterNeeds needs, Deed deed) {
        return to(List.of(Victims.LEADER, Victims.FOLLOWER, Victims.MAJORITY, Victims.ALL), what, needs, deed);
    }

    static List<Nemesis> toOne(String what, ClusterNeeds needs, Deed deed) {
        return to(List.of(Victims.LEADER, Victims.FOLLOWER), what, needs, deed);
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) throws Exception {
        deed.doTo(victims.choose(cluster, random), cluster, random, faults);
    }
}
