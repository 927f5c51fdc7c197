package io.stanchion.gateway.stan;

import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Subscriber;
import org.jspecify.annotations.Nullable;

/** Acks of subscribers. Nobody is ever answered, so what makes no sense is passed over in silence. */
final class AckRequests implements Subscriber {
    private static final int INBOXES = 1024;

    private final ReplicatedLog log;

    /** Benign races: an inbox never changes, and a miss costs a string. */
    private final @Nullable Inbox[] inboxes = new Inbox[INBOXES];

    AckRequests(ReplicatedLog log) {
        this.log = log;
    }

    @Override
    public boolean deliver(Message message) {
        long sequence = RequestDecoder.ackedSequence(message);
        if (sequence > 0 && sequence < Long.MAX_VALUE) { // there is no message at 0, nor beyond 2^63
            log.ack(inbox(message.subject()), sequence);
        }
        return true;
    }

    /** The same string for the same inbox, mostly: the log looks it up for every ack, and a string knows its hash. */
    private String inbox(Subject subject) {
        int hash = subject.hashCode();
        int place = (hash ^ (hash >>> 16)) & (INBOXES - 1);
        Inbox known = inboxes[place];
        if (known == null || !known.subject.equals(subject)) {
            known = new Inbox(subject, subject.toString());
            inboxes[place] = known;
        }
        return known.text;
    }

    private static final class Inbox {
        final Subject subject;
        final String text;

        Inbox(Subject subject, String text) {
            this.subject = subject;
            this.text = text;
        }
    }
}
