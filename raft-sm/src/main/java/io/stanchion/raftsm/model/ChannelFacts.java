package io.stanchion.raftsm.model;

/**
 * A channel at one moment, for those who look from outside.
 *
 * @param subscriptions offline durables included
 */
public record ChannelFacts(String name, long messages, long bytes, long first, long last, int subscriptions) {}
