package io.stanchion.gateway.connection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One connection as monitoring shows it.
 *
 * @param stop null while it is open
 * @param roundTripNanos 0 if it is not known
 * @param name of the client, as it has introduced itself; empty before it has
 */
public record ConnectionFacts(
        long id,
        String ip,
        int port,
        Instant start,
        Instant lastActivity,
        @Nullable Instant stop,
        String reason,
        long roundTripNanos,
        long pendingBytes,
        long inMessages,
        long outMessages,
        long inBytes,
        long outBytes,
        long subscriptions,
        String name,
        String lang,
        String version) {}
