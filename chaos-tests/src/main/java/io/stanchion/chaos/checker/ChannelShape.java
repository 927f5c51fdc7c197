package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.NodeStore.StoredChannel;
import java.util.ArrayList;
import java.util.List;

/** A channel has no gap, its timestamps never go back, and it holds exactly what its limits allow. */
public final class ChannelShape implements Checker {
    @Override
    public String name() {
        return "channel-shape";
    }

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        for (NodeStore store : trial.stores()) {
            store.channels().forEach((channel, stored) -> {
                String where = "node " + store.node() + ", channel " + channel + ": ";
                checkSequences(where, stored, findings);
                checkLimit(where, stored, trial.messagesMax(), findings);
            });
        }
        return findings;
    }

    private void checkSequences(String where, StoredChannel stored, List<Finding> findings) {
        long expected = stored.first();
        long timestamp = Long.MIN_VALUE;
        for (StoredMessage message : stored.messages()) {
            if (message.sequence() != expected) {
                findings.add(say(where + "after " + (expected - 1) + " comes " + message.sequence()));
            }
            if (message.timestamp() < timestamp) {
                findings.add(
                        say(where + "the timestamp of " + message.sequence() + " is before that of its predecessor"));
            }
            expected = message.sequence() + 1;
            timestamp = message.timestamp();
        }
        if (expected != stored.last() + 1) {
            findings.add(say(where + "it ends with " + (expected - 1) + " instead of " + stored.last()));
        }
    }

    private void checkLimit(String where, StoredChannel stored, long messagesMax, List<Finding> findings) {
        long count = stored.last() - stored.first() + 1;
        if (count > messagesMax) {
            findings.add(say(where + "it holds " + count + " messages, and may hold " + messagesMax));
        }
        if (stored.first() > 1 && count < messagesMax) {
            findings.add(say(where + "messages before " + stored.first() + " are gone though only " + count + " of "
                    + messagesMax + " are there"));
        }
    }

    private Finding say(String what) {
        return new Finding(name(), what, List.of());
    }
}
