package io.stanchion.chaos.checker;

import java.util.ArrayList;
import java.util.List;

/** All of them. */
public final class Checkers {
    private static final List<Checker> ALL = List.of(
            new LostMessages(),
            new InventedMessages(),
            new DuplicateMessages(),
            new ChannelShape(),
            new ReplicasAgree(),
            new DigestsEqual(),
            new RealTimeOrder(),
            new PublisherOrder(),
            new SkippedDeliveries(),
            new RedeliveredFlag(),
            new InFlightBound(),
            new AckPause(),
            new ClientErrors(),
            new FlatResources());

    private Checkers() {}

    public static List<Checker> all() {
        return ALL;
    }

    public static List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        ALL.forEach(checker -> findings.addAll(checker.check(trial)));
        return findings;
    }
}
