package io.stanchion.node.leader;

import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Requests;
import io.stanchion.gateway.core.Requests.Outcome;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.gateway.stan.StanSubjects;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.HeartbeatProto;
import io.stanchion.raftsm.effect.Effect.HeartbeatNow;
import io.stanchion.raftsm.effect.Effect.SessionClosed;
import io.stanchion.raftsm.effect.Effect.SessionOpened;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each session for a sign of life. The log counts the misses and closes who misses too many; it hears of every miss, and of the
 * first answer after misses. A new leader does not know what its predecessor told the log, so it also reports the first answer of each
 * session: a healthy one then costs nothing until it fails. Owned by the leader's thread.
 */
final class ClientHeartbeats {
    /** When too many are being asked at the same time. */
    static final long UNSENT_RETRY_NANOS = 1_000_000_000L;

    /** A client that pings faster than it can be found silent is asked a second time, in case the first request was lost, but no more. */
    private static final int WAITING_MAX = 2;

    private static final Logger logger = LoggerFactory.getLogger(ClientHeartbeats.class);
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final LeaderSettings settings;
    private final Requests requests;
    private final ReplicatedLog log;
    private final Mailbox mailbox;
    private final Clocks clocks;
    private final long intervalNanos;
    private final Map<String, Session> sessions = new HashMap<>();
    private final Deadlines<Session> due = new Deadlines<>();

    ClientHeartbeats(LeaderSettings settings, Requests requests, ReplicatedLog log, Mailbox mailbox, Clocks clocks) {
        this.settings = settings;
        this.requests = requests;
        this.log = log;
        this.mailbox = mailbox;
        this.clocks = clocks;
        this.intervalNanos = settings.heartbeatIntervalMillis() * NANOS_PER_MILLI;
    }

    /**
     * Begins with the full interval: after a take-over clients may still be on their way to another node. All that begin together are
     * spread over one interval more, so that they don't beat together ever after.
     */
    void open(List<SessionOpened> opened) {
        long first = clocks.monotonicNanos() + intervalNanos;
        for (int i = 0; i < opened.size(); i++) {
            open(opened.get(i), first + intervalNanos / opened.size() * i);
        }
    }

    private void open(SessionOpened opened, long firstNanos) {
        Session before = sessions.get(opened.clientId());
        if (before != null && before.number == opened.session()) {
            return; // opened just before this leader took over, and told twice
        }
        if (before != null) {
            due.remove(before);
        }
        Session session = new Session(opened.clientId(), opened.session(), Subject.of(opened.heartbeatInbox()));
        sessions.put(opened.clientId(), session);
        due.set(session, firstNanos);
    }

    void close(SessionClosed closed) {
        Session session = sessions.get(closed.clientId());
        if (session == null || session.number != closed.session()) {
            return;
        }
        sessions.remove(closed.clientId());
        due.remove(session);
        if (closed.timedOut()) {
            logger.error("STREAM: [Client:{}] Timed out on heartbeats", session.clientId);
        }
    }

    void askNow(HeartbeatNow now) {
        Session session = sessions.get(now.clientId());
        if (session != null && session.number == now.session() && session.waiting < WAITING_MAX) {
            due.set(session, clocks.monotonicNanos());
        }
    }

    void ask() {
        long now = clocks.monotonicNanos();
        for (Session session = due.pollDue(now); session != null; session = due.pollDue(now)) {
            ask(session);
        }
    }

    /** On the clock of {@link Clocks#monotonicNanos()}, or {@link Deadlines#NONE}. */
    long next() {
        return due.earliest();
    }

    int size() {
        return sessions.size();
    }

    private void ask(Session session) {
        session.waiting++;
        long number = ++session.asked;
        if (!StanSubjects.isInbox(session.inbox)) {
            onOutcome(session, number, Outcome.NOBODY);
            return;
        }
        AtomicBoolean sent = new AtomicBoolean();
        requests.request(session.inbox, Unpooled.EMPTY_BUFFER, settings.heartbeatTimeoutMillis(), (outcome, reply) -> {
            boolean unsent = outcome == Outcome.TIMED_OUT && !sent.get();
            mailbox.post(unsent ? () -> onUnsent(session) : () -> onOutcome(session, number, outcome));
        });
        sent.set(true);
    }

    private void onUnsent(Session session) {
        session.waiting--;
        if (isOpen(session)) {
            due.set(session, clocks.monotonicNanos() + UNSENT_RETRY_NANOS);
        }
    }

    private void onOutcome(Session session, long number, Outcome outcome) {
        session.waiting--;
        boolean isKnown = outcome != Outcome.REPLIED && number <= session.settled;
        if (!isOpen(session) || isKnown) {
            return; // gone, or asked when it had not yet been known to be alive, or to have missed one
        }
        session.settled = session.asked;
        due.set(session, clocks.monotonicNanos() + intervalNanos);
        if (outcome != Outcome.REPLIED) {
            session.missed++;
            report(session, false);
        } else if (session.missed > 0 || !session.reported) {
            session.missed = 0;
            session.reported = true;
            report(session, true);
        }
    }

    private boolean isOpen(Session session) {
        return sessions.get(session.clientId) == session;
    }

    private void report(Session session, boolean answered) {
        HeartbeatProto heartbeat = HeartbeatProto.newBuilder()
                .setClientId(session.clientId)
                .setSession(session.number)
                .setAnswered(answered)
                .build();
        CommandProto command = CommandProto.newBuilder().setHeartbeat(heartbeat).build();
        log.append(command, reply -> {
            if (!reply.getError().isEmpty()) {
                mailbox.post(() -> session.reported = false); // the next answer is told again
            }
        });
    }

    private static final class Session {
        final String clientId;
        final long number;
        final Subject inbox;
        int missed;
        boolean reported;

        /** How often; the number of the last one. */
        long asked;

        /** Silence on what was asked up to here says nothing new. */
        long settled;

        /** Asked and not over. */
        int waiting;

        Session(String clientId, long number, Subject inbox) {
            this.clientId = clientId;
            this.number = number;
            this.inbox = inbox;
        }
    }
}
