package io.stanchion.chaos.profile;

import io.stanchion.chaos.checker.Finding;
import io.stanchion.chaos.checker.Publishes.Publish;
import io.stanchion.chaos.checker.Trial;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.History;
import io.stanchion.chaos.history.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a round has shown, without the history itself: a long run has many of them.
 *
 * @param pausesMillis for each fault, the longest time without a publish acknowledgement in the seconds after it
 * @param windows for each finding, the smallest piece of history around it
 */
record Verdict(
        String nemesis,
        RoundSettings settings,
        Counts counts,
        List<String> faults,
        List<Long> pausesMillis,
        List<Finding> findings,
        List<List<String>> windows) {
    private static final long PAUSE_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int WINDOWS_MAX = 10;
    private static final String HEALED = "all nodes are ready";

    /** Publishes, and what came of them. */
    record Counts(long published, long acknowledged, long unknown, long refused, long delivered, long redelivered) {
        static Counts of(Trial trial) {
            long published = trial.publishes().all().size();
            long acknowledged = trial.publishes().acknowledged().count();
            long refused =
                    trial.publishes().all().stream().filter(Publish::isRefused).count();
            long delivered = trial.history().select(Action.DELIVER, Phase.INFO).count();
            long redelivered = trial.history()
                    .select(event -> event.action() == Action.DELIVER && event.flagged())
                    .count();
            return new Counts(
                    published, acknowledged, published - acknowledged - refused, refused, delivered, redelivered);
        }
    }

    Verdict(String nemesis, RoundSettings settings, Trial trial, List<Finding> findings) {
        this(
                nemesis,
                settings,
                Counts.of(trial),
                trial.history()
                        .select(Action.FAULT, Phase.INFO)
                        .map(event -> event.toLine(trial.history().beginNanos()))
                        .toList(),
                pauses(trial.history()),
                List.copyOf(findings),
                findings.stream()
                        .limit(WINDOWS_MAX)
                        .map(finding -> HistoryWindow.around(finding.evidence(), trial.history()))
                        .toList());
    }

    boolean passed() {
        return findings.isEmpty();
    }

    private static List<Long> pauses(History history) {
        List<Event> acks = history.select(Action.PUBLISH, Phase.OK).toList();
        List<Long> pauses = new ArrayList<>();
        history.select(Action.FAULT, Phase.INFO)
                .filter(fault -> !fault.note().equals(HEALED))
                .forEach(fault -> {
                    long pause = longestAfter(fault.nanos(), acks);
                    if (pause >= 0) {
                        pauses.add(TimeUnit.NANOSECONDS.toMillis(pause));
                    }
                });
        return pauses;
    }

    private static long longestAfter(long faultNanos, List<Event> acks) {
        long last = faultNanos;
        long longest = -1;
        for (Event ack : acks) {
            if (ack.nanos() < faultNanos) {
                continue;
            }
            longest = Math.max(longest, ack.nanos() - last);
            last = ack.nanos();
            if (last - faultNanos > PAUSE_WINDOW_NANOS) {
                break;
            }
        }
        return longest;
    }
}
