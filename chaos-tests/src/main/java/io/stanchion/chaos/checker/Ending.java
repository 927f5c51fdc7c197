package io.stanchion.chaos.checker;

/**
 * When the nodes of a trial were stopped, by the wall clock, in milliseconds.
 *
 * @param asked before the first was told to
 * @param done when the last had ended
 * @param clocksAgree whether the clocks of the nodes went with ours
 */
public record Ending(long asked, long done, boolean clocksAgree) {}
