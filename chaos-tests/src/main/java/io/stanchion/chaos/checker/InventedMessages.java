package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.Publishes.Publish;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.workload.Stamp;
import java.util.ArrayList;
import java.util.List;

/** Nothing is stored or delivered that nobody published, that was refused, that belongs to another channel, or that is damaged. */
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
        trial.history()
                .select(event -> event.action() == Action.DELIVER)
                .filter(event -> event.counter() == Event.NONE
                        || trial.publishes().of(new Stamp(event.writer(), event.counter(), event.channel())) == null)
                .forEach(event -> findings.add(new Finding(
                        name(), "a message was delivered that nobody published like this", List.of(event))));
        return findings;
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
