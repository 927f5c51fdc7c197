package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.Publishes.Publish;
import io.stanchion.chaos.workload.Stamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Every acknowledged publish is on the disk of every node. Where old messages had to make room, one may be gone if it may have been
 * stored before the oldest that is left.
 */
public final class LostMessages implements Checker {
    @Override
    public String name() {
        return "lost-messages";
    }

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        for (NodeStore store : trial.stores()) {
            Set<Stamp> present = new HashSet<>();
            store.channels()
                    .values()
                    .forEach(channel -> channel.messages().forEach(message -> {
                        if (message.stamp() != null) {
                            present.add(message.stamp());
                        }
                    }));
            trial.publishes()
                    .acknowledged()
                    .filter(publish -> !present.contains(publish.stamp()) && !mayBeTrimmed(publish, store, trial))
                    .forEach(
                            publish -> findings.add(new Finding(name(), describe(publish, store), publish.evidence())));
        }
        return findings;
    }

    private static boolean mayBeTrimmed(Publish publish, NodeStore store, Trial trial) {
        NodeStore.StoredChannel channel = store.channel(publish.stamp().channel());
        if (channel.first() <= 1
                || (!ChannelShape.isFull(publish.stamp().channel(), channel, trial.limits())
                        && !mayBeTooOld(publish, trial))) {
            return false;
        }
        for (StoredMessage message : channel.messages()) {
            Stamp stamp = message.stamp();
            Publish left = stamp == null ? null : trial.publishes().of(stamp);
            if (left != null && left.acknowledgedNanos() < publish.invoked().nanos()) {
                return false; // this one is older, and still there
            }
        }
        return true;
    }

    private static boolean mayBeTooOld(Publish publish, Trial trial) {
        return trial.limits()
                .ageMaxOf(publish.stamp().channel())
                .filter(max -> !trial.ending().clocksAgree()
                        || publish.invoked().wallMillis() + max.toMillis()
                                <= trial.ending().done())
                .isPresent();
    }

    private static String describe(Publish publish, NodeStore store) {
        Stamp stamp = publish.stamp();
        NodeStore.StoredChannel channel = store.channel(stamp.channel());
        long younger = channel.messages().stream()
                .map(StoredMessage::stamp)
                .filter(other -> other != null && other.writer() == stamp.writer() && other.counter() > stamp.counter())
                .count();
        return "node " + store.node() + " has lost message " + stamp.writer() + "/" + stamp.counter() + " of channel "
                + stamp.channel() + ", which was acknowledged; it has " + younger + " younger ones of the same writer";
    }
}
