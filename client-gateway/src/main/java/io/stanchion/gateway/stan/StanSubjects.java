package io.stanchion.gateway.stan;

import io.stanchion.gateway.core.Nuid;
import io.stanchion.gateway.core.Subject;

/** The subjects of one streaming cluster. Administrators write permissions against them, so they are a contract. */
public record StanSubjects(String clusterId, String discoverPrefix) {
    public static final String DISCOVER_PREFIX = "_STAN.discover";

    public String connects() {
        return discoverPrefix + "." + clusterId;
    }

    public String pings() {
        return connects() + ".pings";
    }

    /** Channels follow behind a dot. */
    public String publishes() {
        return "_STAN.pub." + clusterId;
    }

    public String subscribes() {
        return "_STAN.sub." + clusterId;
    }

    public String subscriptionCloses() {
        return "_STAN.subclose." + clusterId;
    }

    public String unsubscribes() {
        return "_STAN.unsub." + clusterId;
    }

    public String closes() {
        return "_STAN.close." + clusterId;
    }

    /** All ack inboxes: each node takes the acks of its own clients, whichever node answered their subscribe. */
    String ackInboxes() {
        return "_INBOX.stan-ack-" + clusterId + ".*";
    }

    String newAckInbox() {
        return "_INBOX.stan-ack-" + clusterId + "." + Nuid.next();
    }

    /**
     * Whether messages may be sent to this inbox, which came in a payload and not as the subject of a control line: a blank or line end
     * in it would end up in the control lines of other clients. Wildcards in it are letters like others, as in any message's subject.
     */
    public static boolean isInbox(Subject inbox) {
        for (int i = 0; i < inbox.length(); i++) {
            if (isBlankOrControl(inbox.byteAt(i))) {
                return false;
            }
        }
        return !inbox.hasEmptyToken();
    }

    /** Bytes of letters beyond ASCII are negative. */
    private static boolean isBlankOrControl(byte b) {
        return b >= 0 && b <= ' ';
    }
}
