package io.stanchion.raftsm.model;

/**
 * What a subscriber asks for, apart from what and from where; a durable that resumes may bring new ones.
 *
 * @param ackWaitSecs below 0: milliseconds
 */
public record Options(String inbox, String ackInbox, int maxInFlight, int ackWaitSecs) {
    long ackWaitNanos() {
        return ackWaitSecs >= 0 ? ackWaitSecs * 1_000_000_000L : ackWaitSecs * -1_000_000L;
    }
}
