package io.stanchion.gateway.stan;

import io.stanchion.gateway.core.Interest;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Subscriber;
import java.util.ArrayList;
import java.util.List;

/**
 * The streaming service of one node: it serves the requests of this node's own clients, and whatever they ask goes through the log
 * that all nodes share. Start and close it from one thread.
 */
public final class StanService implements AutoCloseable {
    public static final long DUPLICATE_CHECK_MILLIS = 500;

    private final StanSubjects subjects;
    private final MessageBus bus;
    private final SubscriptionNames names;
    private final DuplicateCheck duplicateCheck;
    private final Replies replies;
    private final ConnectRequests connects;
    private final PingRequests pings;
    private final PublishRequests publishes;
    private final SubscribeRequests subscribes;
    private final CloseRequests closes;
    private final AckRequests acks;
    private final List<Interest> interests = new ArrayList<>();

    public StanService(StanSubjects subjects, StanPorts ports, StanCounters counters) {
        this.subjects = subjects;
        this.bus = ports.bus();
        this.names = ports.names();
        this.duplicateCheck =
                new DuplicateCheck(ports.requests(), ports.timers(), ports.allNodesInTouch(), DUPLICATE_CHECK_MILLIS);
        this.replies = new Replies(bus, ports.timers(), System::nanoTime);
        this.connects = new ConnectRequests(subjects, replies, ports.log(), duplicateCheck);
        this.pings = new PingRequests(replies, ports.log(), ports.sessions());
        this.publishes = new PublishRequests(bus, ports.log(), replies, counters);
        this.subscribes = new SubscribeRequests(subjects, replies, ports);
        this.closes = new CloseRequests(replies, ports.log(), ports.sessions());
        this.acks = new AckRequests(ports.log());
    }

    public void start() {
        serve(subjects.publishes() + ".>", RequestTrace.publishes(publishes));
        serve(subjects.ackInboxes(), RequestTrace.acks(acks, names));
        serve(subjects.subscribes(), RequestTrace.subscribes(subscribes));
        serve(subjects.subscriptionCloses(), RequestTrace.ends("Closing", closes::onSubscriptionClose));
        serve(subjects.unsubscribes(), RequestTrace.ends("Unsubscribing", closes::onUnsubscribe));
        serve(subjects.closes(), closes::onClose);
        serve(subjects.pings(), pings);
        serve(subjects.connects(), RequestTrace.connects(connects)); // last: who connects finds all the rest
    }

    /** Whether no response waits for a client that is between two connections. */
    public boolean hasAnsweredAll() {
        return replies.areSent();
    }

    /** Takes no more requests. Those that the log has already are still answered. */
    @Override
    public void close() {
        duplicateCheck.close();
        interests.forEach(Interest::close);
        interests.clear();
    }

    private void serve(String pattern, Subscriber subscriber) {
        interests.add(bus.subscribe(Subject.of(pattern), null, Scope.SERVICE, subscriber));
    }
}
