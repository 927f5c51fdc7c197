package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.Publishes.Publish;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.workload.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nothing is stored or delivered that nobody published, that was refused, that belongs to another channel, or that is damaged; and what was
 * delivered is what is stored under its number.
 */
public final class InventedMessages implements Checker {
    @Override
    public String name() {
        return "invented-messages";
    }

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        for (NodeStore store : trial.stores()) {
            store.channels()
                    .forEach((channel, stored) -> stored.messages()
                            .forEach(message -> judge(trial, store.node(), channel, message, findings)));
        }
        Map<String, Map<Long, StoredMessage>> stored = storedBySequence(trial);
        trial.history()
                .select(event -> event.action() == Action.DELIVER)
                .forEach(event -> judge(trial, event, stored, findings));
        return findings;
    }

    /** Of one node: that the others have the same is for another judge. */
    private static Map<String, Map<Long, StoredMessage>> storedBySequence(Trial trial) {
        Map<String, Map<Long, StoredMessage>> bySequence = new HashMap<>();
        trial.stores().stream()
                .limit(1)
                .forEach(store -> store.channels()
                        .forEach((channel, stored) -> stored.messages()
                                .forEach(message -> bySequence
                                        .computeIfAbsent(channel, name -> new HashMap<>())
                                        .put(message.sequence(), message))));
        return bySequence;
    }

    private void judge(
            Trial trial, Event delivery, Map<String, Map<Long, StoredMessage>> stored, List<Finding> findings) {
        Stamp stamp = new Stamp(delivery.writer(), delivery.counter(), delivery.channel());
        Publish publish =
                delivery.counter() == Event.NONE ? null : trial.publishes().of(stamp);
        if (publish == null) {
            findings.add(
                    new Finding(name(), "a message was delivered that nobody published like this", List.of(delivery)));
            return;
        }
        if (publish.isRefused()) {
            findings.add(new Finding(name(), "a message was delivered that was refused", List.of(delivery)));
        }
        StoredMessage here = stored.getOrDefault(delivery.channel(), Map.of()).get(delivery.sequence());
        boolean wasTrimmed = trial.stores().isEmpty()
                || delivery.sequence()
                        < trial.stores().get(0).channel(delivery.channel()).first();
        if (here == null && !wasTrimmed) {
            findings.add(new Finding(name(), "a message was delivered that is not stored", List.of(delivery)));
        } else if (here != null && here.stamp() != null && !stamp.equals(here.stamp())) {
            findings.add(new Finding(
                    name(), "a message was delivered under the number of another: " + here.stamp(), List.of(delivery)));
        }
    }

    private void judge(Trial trial, String node, String channel, StoredMessage message, List<Finding> findings) {
        String where = "node " + node + " has under " + channel + " " + message.sequence();
        Stamp stamp = message.stamp();
        if (stamp == null) {
            findings.add(new Finding(name(), where + " a damaged message", List.of()));
            return;
        }
        Publish publish = trial.publishes().of(stamp);
        if (publish == null || !stamp.channel().equals(channel)) {
            findings.add(new Finding(name(), where + " a message that nobody published there: " + stamp, List.of()));
        } else if (publish.isRefused()) {
            findings.add(new Finding(name(), where + " a message that was refused", publish.evidence()));
        }
    }
}
