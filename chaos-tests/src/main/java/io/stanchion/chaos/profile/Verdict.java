package io.stanchion.chaos.profile;

import io.stanchion.chaos.checker.Finding;
import io.stanchion.chaos.checker.Publishes.Publish;
import io.stanchion.chaos.checker.Trial;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Phase;
import java.util.List;

/**
 * What a round has shown, without the history itself: a long run has many of them.
 *
 * @param windows for each of the first findings, the smallest piece of history around it
 */
record Verdict(RoundSettings settings, Tally tally, List<Finding> findings, List<List<String>> windows) {
    private static final int WINDOWS_MAX = 10;

    static Verdict of(String nemesis, RoundSettings settings, Trial trial, List<Finding> findings, long seconds) {
        return new Verdict(
                settings,
                tally(nemesis, settings, trial, findings, seconds),
                List.copyOf(findings),
                findings.stream()
                        .limit(WINDOWS_MAX)
                        .map(finding -> HistoryWindow.around(finding.evidence(), trial.history()))
                        .toList());
    }

    private static Tally tally(
            String nemesis, RoundSettings settings, Trial trial, List<Finding> findings, long seconds) {
        long published = trial.publishes().all().size();
        long acknowledged = trial.publishes().acknowledged().count();
        long refused =
                trial.publishes().all().stream().filter(Publish::isRefused).count();
        return new Tally(
                nemesis,
                settings.seed(),
                seconds,
                trial.promise().keepsMajority(),
                published,
                acknowledged,
                published - acknowledged - refused,
                refused,
                trial.history().select(Action.DELIVER, Phase.INFO).count(),
                trial.history()
                        .select(event -> event.action() == Action.DELIVER && event.flagged())
                        .count(),
                Pauses.of(trial.history()),
                findings.stream().map(Finding::checker).toList());
    }

    boolean passed() {
        return findings.isEmpty();
    }
}
