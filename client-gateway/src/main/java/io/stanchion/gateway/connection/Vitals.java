package io.stanchion.gateway.connection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What monitoring wants to know about one connection. Written by its event loop at next to no cost, read by anybody. */
final class Vitals {
    private final long id;
    private final String ip;
    private final int port;
    private final Instant start = Instant.now();
    private final long startNanos;
    private final Tally inMessages = new Tally();
    private final Tally inBytes = new Tally();
    private final Tally outMessages = new Tally();
    private final Tally outBytes = new Tally();
    private final Tally subscriptions = new Tally();
    private volatile Introduction introduction = new Introduction("", "", "");

    private record Introduction(String name, String lang, String version) {}

    Vitals(long id, String ip, int port, long nowNanos) {
        this.id = id;
        this.ip = ip;
        this.port = port;
        this.startNanos = nowNanos;
    }

    void onIntroduced(String name, String lang, String version) {
        introduction = new Introduction(name, lang, version);
    }

    void onReceived(int bytes) {
        inMessages.add(1);
        inBytes.add(bytes);
    }

    void onSent(int bytes) {
        outMessages.add(1);
        outBytes.add(bytes);
    }

    void onSubscriptions(int more) {
        subscriptions.add(more);
    }

    /** Any thread. */
    ConnectionFacts facts(PingTimer pings, long pendingBytes, @Nullable Instant stop, String reason) {
        Introduction known = introduction;
        return new ConnectionFacts(
                id,
                ip,
                port,
                start,
                start.plusNanos(pings.lastActivityNanos() - startNanos),
                stop,
                reason,
                pings.roundTripNanos(),
                pendingBytes,
                inMessages.get(),
                outMessages.get(),
                inBytes.get(),
                outBytes.get(),
                subscriptions.get(),
                known.name,
                known.lang,
                known.version);
    }
}
