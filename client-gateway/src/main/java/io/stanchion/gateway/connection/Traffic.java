package io.stanchion.gateway.connection;

/** Messages and payload bytes that went through the connections of one event loop. Counted by that loop, read by anybody. */
final class Traffic {
    final Tally inMessages = new Tally();
    final Tally inBytes = new Tally();
    final Tally outMessages = new Tally();
    final Tally outBytes = new Tally();
    final Tally staleConnections = new Tally();
    final Tally slowConsumers = new Tally();
    final Tally connectionsTotal = new Tally();
    /** Ever made. */
    final Tally subscriptionsTotal = new Tally();
    /** Live ones: those opened less those closed. */
    final Tally subscriptions = new Tally();
}
