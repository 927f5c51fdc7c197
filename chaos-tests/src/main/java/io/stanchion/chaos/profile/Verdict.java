package io.stanchion.chaos.profile;

import io.stanchion.chaos.checker.Finding;
import io.stanchion.chaos.checker.Publishes.Publish;
import io.stanchion.chaos.checker.Trial;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a round has shown, without the history itself: a long run has many of them.
 *
 * @param told of all findings, those that are worth reading
 */
record Verdict(RoundSettings settings, Tally tally, List<Told> told) {
    /** A broken server makes thousands, and one judge alone must not hide what the others say. */
    static final int TOLD_OF_A_JUDGE = 3;

    /** @param window the smallest piece of history around it */
    record Told(Finding finding, List<String> window) {}

    static Verdict of(String nemesis, RoundSettings settings, Trial trial, List<Finding> findings, long seconds) {
        return new Verdict(
                settings,
                tally(nemesis, settings, trial, findings, seconds),
                firstOfEachJudge(findings).stream()
                        .map(finding -> new Told(finding, HistoryWindow.around(finding.evidence(), trial.history())))
                        .toList());
    }

    static List<Finding> firstOfEachJudge(List<Finding> findings) {
        Map<String, Integer> counts = new HashMap<>();
        return findings.stream()
                .filter(finding -> counts.merge(finding.checker(), 1, Integer::sum) <= TOLD_OF_A_JUDGE)
                .toList();
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
        return tally.findings().isEmpty();
    }
}
