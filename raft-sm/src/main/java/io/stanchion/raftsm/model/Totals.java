package io.stanchion.raftsm.model;

/**
 * How much a machine holds, for those who look from outside.
 *
 * @param subscriptions offline durables included
 * @param bytes of all stored messages
 */
public record Totals(long sessions, long channels, long subscriptions, long messages, long bytes) {
    public static final Totals NONE = new Totals(0, 0, 0, 0, 0);
}
