package io.stanchion.raftsm.model;

/** A client session at one moment, for those who look from outside. */
public record SessionFacts(String clientId, String heartbeatInbox, int subscriptions) {}
