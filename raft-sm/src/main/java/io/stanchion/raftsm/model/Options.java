package io.stanchion.raftsm.model;

/** What a subscriber asks for, apart from what and from where; a durable that resumes may bring new ones. */
public record Options(String inbox, String ackInbox, int maxInFlight, int ackWaitSecs) {}
