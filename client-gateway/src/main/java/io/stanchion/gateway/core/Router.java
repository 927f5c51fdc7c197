package io.stanchion.gateway.core;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Matches subjects against interest and hands messages to subscribers and peers. Thread-safe; never blocks.
 *
 * <p>What a leader delivers is dropped once a later leader's delivery has passed: it was on a slow way, or was sent by a node that has
 * not noticed yet that it leads no more. The later leader gives it again as far as it is owed.
 */
public final class Router implements MessageBus {
    private final AtomicReference<InterestTrie> trie = new AtomicReference<>(InterestTrie.EMPTY);
    private final Announcements announcements = new Announcements();
    private final AtomicLong latestTerm = new AtomicLong();

    /** {@inheritDoc} The next publish on any thread sees it. */
    @Override
    public Interest subscribe(Subject pattern, @Nullable Subject queueGroup, Scope scope, Subscriber subscriber) {
        if (!pattern.isPattern()) {
            throw new IllegalArgumentException("not a pattern: " + pattern);
        }
        LocalInterest interest = new LocalInterest(pattern, queueGroup, scope, subscriber, this::onClosed);
        trie.updateAndGet(old -> old.with(pattern, interests -> interests.withLocal(interest)));
        announcements.onSubscribed(interest);
        return interest;
    }

    /**
     * Delivers to every matching plain subscriber, and to one member of every matching queue group, in the whole cluster.
     *
     * @return false if nobody, here or on another node, was interested
     */
    @Override
    public boolean publish(Message message) {
        return isInTime(message) && publish(message, trie().match(message.subject()));
    }

    /**
     * The same for a publisher that has looked the route up already.
     *
     * @param route of this router and of the message's subject, found just now
     */
    public boolean publish(Message message, Route route) {
        return publish(message, route.interests());
    }

    /** Delivers a message that a peer has routed here: plain subscribers, and one member of each named group. Never forwarded. */
    public void deliverFromPeer(Message message, List<Subject> queueGroups) {
        if (!isInTime(message)) {
            return;
        }
        Interests interests = trie().match(message.subject());
        for (LocalInterest local : interests.plain()) {
            deliverInCluster(message, local);
        }
        for (Subject name : queueGroups) {
            GroupInterest group = interests.group(name);
            if (group != null) {
                deliverToOneInCluster(message, group.members());
            }
        }
    }

    private boolean isInTime(Message message) {
        long term = message.term();
        return term == 0 || term == latestTerm.get() || latestTerm.accumulateAndGet(term, Math::max) == term;
    }

    /** Whether a publish to this literal subject would reach anybody on any node that is known here. */
    public boolean hasInterest(Subject subject) {
        return !trie().match(subject).isEmpty();
    }

    /**
     * Where a message with this literal subject would be taken now: a subscription of this node, else the path to a peer. Compare answers
     * by identity: another one means that the listener has moved, or that the connection to its node is another one, and what was under
     * way may be lost. One who names the subject itself comes before those who listen with wildcards, so that whoever looks on comes and
     * goes unnoticed.
     *
     * @return null if nobody is interested
     */
    @Override
    public @Nullable Object whereabouts(Subject subject) {
        InterestTrie known = trie();
        Interests named = known.exactly(subject);
        Interests interests = named.isEmpty() ? known.match(subject) : named;
        if (interests.plain().length > 0) {
            return interests.plain()[0];
        }
        if (interests.peers().length > 0) {
            return interests.peers()[0].path();
        }
        return interests.isEmpty() ? null : interests.groups()[0].name();
    }

    /**
     * Whether a publisher who can wait may send another page there, see {@link Subscriber#hasRoom} and {@link Peer.Path#hasRoom}.
     *
     * @param whereabouts an answer of {@link #whereabouts}
     */
    @Override
    public boolean hasRoom(Object whereabouts) {
        if (whereabouts instanceof LocalInterest local) {
            return local.subscriber().hasRoom();
        }
        return !(whereabouts instanceof Peer.Path path) || path.hasRoom();
    }

    /** Shows each plain subscriber of this node that a message with this subject would reach. */
    public void forEachPlain(Subject subject, Consumer<Subscriber> visitor) {
        for (LocalInterest local : trie().match(subject).plain()) {
            visitor.accept(local.subscriber());
        }
    }

    /** Sets a peer's interest in a pattern; count 0 withdraws it. A pattern that is none is ignored. */
    public void onPeerInterest(Peer peer, Subject pattern, @Nullable Subject queueGroup, int count) {
        if (pattern.isPattern()) {
            trie.updateAndGet(old ->
                    old.with(pattern, interests -> interests.withPeer(peer, queueGroup, Math.max(count, 0))));
        }
    }

    /** Forgets all interest of a peer. */
    public void onPeerGone(Peer peer) {
        trie.updateAndGet(old -> old.withoutPeer(peer));
    }

    /** Tells all present CLUSTER interest to the listener before it returns, and then every change. */
    public AutoCloseable listen(InterestListener listener) {
        return announcements.listen(listener);
    }

    InterestTrie trie() {
        return Objects.requireNonNull(trie.get());
    }

    private void onClosed(LocalInterest interest) {
        trie.updateAndGet(old -> old.with(interest.pattern(), interests -> interests.withoutLocal(interest)));
        announcements.onClosed(interest);
    }

    private static boolean publish(Message message, Interests interests) {
        boolean taken = false;
        for (LocalInterest local : interests.plain()) {
            taken |= local.deliver(message);
        }
        if (interests.groups().length > 0) {
            return publishToGroups(message, interests) || taken;
        }
        for (Peer peer : interests.peers()) {
            peer.forward(message, List.of());
            taken = true;
        }
        return taken;
    }

    private static boolean publishToGroups(Message message, Interests interests) {
        PeerCopies copies = new PeerCopies(interests.peers());
        boolean taken = false;
        for (GroupInterest group : interests.groups()) {
            taken |= publishToGroup(message, group, copies);
        }
        return copies.forward(message) || taken;
    }

    /** A peer always accepts, so the ring is followed no further than to the first one. */
    private static boolean publishToGroup(Message message, GroupInterest group, PeerCopies copies) {
        LocalInterest[] members = group.members();
        int place = ThreadLocalRandom.current().nextInt(group.places());
        for (int i = place; i < members.length; i++) {
            if (members[i].deliver(message)) {
                return true;
            }
        }
        if (group.hasPeers()) {
            copies.add(group.peerAt(Math.max(place, members.length)), group.name());
            return true;
        }
        for (int i = 0; i < place; i++) {
            if (members[i].deliver(message)) {
                return true;
            }
        }
        return false;
    }

    private static void deliverToOneInCluster(Message message, LocalInterest[] members) {
        int start = members.length == 0 ? 0 : ThreadLocalRandom.current().nextInt(members.length);
        for (int i = 0; i < members.length; i++) {
            if (deliverInCluster(message, members[(start + i) % members.length])) {
                return;
            }
        }
    }

    private static boolean deliverInCluster(Message message, LocalInterest local) {
        return local.scope() == Scope.CLUSTER && local.deliver(message);
    }
}
