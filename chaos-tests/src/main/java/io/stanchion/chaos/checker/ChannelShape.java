package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.NodeStore.StoredChannel;
import io.stanchion.chaos.workload.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A channel has no gap, its timestamps never go back, and it holds exactly what its limits allow. */
public final class ChannelShape implements Checker {
    /** Of some messages that were stored at once each counts as the mean of them, so that a channel can have a little more or less. */
    private static final long BYTES_SLACK = 8 << 10;

    /** A leader looks for old messages every so often, and a new one may have to be found first. */
    private static final long AGE_SLACK_MILLIS = 15_000;

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
                checkLimits(where, channel, stored, trial, findings);
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

    private void checkLimits(String where, String channel, StoredChannel stored, Trial trial, List<Finding> findings) {
        Limits limits = trial.limits();
        if (stored.count() > limits.messagesMax()) {
            findings.add(say(where + "it holds " + stored.count() + " messages, and may hold " + limits.messagesMax()));
        }
        long bytesMax = limits.bytesMaxOf(channel).orElse(Long.MAX_VALUE);
        if (stored.bytes() - BYTES_SLACK > bytesMax) {
            findings.add(say(where + "it holds " + stored.bytes() + " bytes, and may hold " + bytesMax));
        }
        if (stored.first() > 1
                && !isFull(channel, stored, limits)
                && limits.ageMaxOf(channel).isEmpty()) {
            findings.add(say(where + "messages before " + stored.first() + " are gone though only " + stored.count()
                    + " with " + stored.bytes() + " bytes are there"));
        }
        limits.ageMaxOf(channel)
                .filter(max ->
                        trial.ending().clocksAgree() && !stored.messages().isEmpty())
                .ifPresent(max -> {
                    long age = trial.ending().asked()
                            - TimeUnit.NANOSECONDS.toMillis(
                                    stored.messages().get(0).timestamp());
                    if (age - AGE_SLACK_MILLIS > max.toMillis()) {
                        findings.add(say(where + "it holds a message of " + age + " ms ago, and may hold those of "
                                + max.toMillis()));
                    }
                });
    }

    /** Whether a message of the usual size more would be too much, so that old ones may be gone. */
    static boolean isFull(String channel, StoredChannel stored, Limits limits) {
        return stored.count() >= limits.messagesMax()
                || limits.bytesMaxOf(channel)
                        .filter(max -> stored.bytes() + BYTES_SLACK > max)
                        .isPresent();
    }

    private Finding say(String what) {
        return new Finding(name(), what, List.of());
    }
}
