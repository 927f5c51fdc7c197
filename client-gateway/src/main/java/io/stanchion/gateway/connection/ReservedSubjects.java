package io.stanchion.gateway.connection;

import io.stanchion.gateway.core.Subject;

/** Subjects that servers keep for themselves (protocol specification 2.3); no client may publish with them. */
final class ReservedSubjects {
    private static final Subject GATEWAY_REPLY = Subject.of("_GR_.");
    private static final Subject SERVICE_REPLY = Subject.of("_R_.");
    private static final Subject JETSTREAM_ACK = Subject.of("$JS.ACK.");
    private static final Subject RAFT = Subject.of("$NRG.");

    private ReservedSubjects() {}

    static boolean isReserved(Subject subject) {
        return mayBe(subject) && (subject.startsWith(GATEWAY_REPLY) || subject.startsWith(RAFT));
    }

    static boolean isReservedReply(Subject reply) {
        return mayBe(reply)
                && (reply.startsWith(SERVICE_REPLY)
                        || reply.startsWith(JETSTREAM_ACK)
                        || reply.startsWith(GATEWAY_REPLY));
    }

    private static boolean mayBe(Subject subject) {
        return subject.length() > 0 && (subject.byteAt(0) == '_' || subject.byteAt(0) == '$');
    }
}
