package io.stanchion.node.monitor;

/**
 * How this node's replica compares to the others.
 *
 * @param equalRounds comparisons in which it was what a majority has
 * @param mismatches how often this node or another was found to differ
 * @param equalIndex of the last of these comparisons; 0 if there was none yet
 * @param equalAgeSeconds since then; -1 if there was none yet
 * @param digest at that index
 * @param disagreement who differs, or that all do; empty if nobody is known to
 */
public record ComparisonFacts(
        long equalRounds, long mismatches, long equalIndex, long equalAgeSeconds, String digest, String disagreement) {}
