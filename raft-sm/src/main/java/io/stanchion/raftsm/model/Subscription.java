package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import io.stanchion.proto.record.SubscriptionRecord;
import io.stanchion.proto.record.SubscriptionRow;
import io.stanchion.raftsm.effect.Effect.ArmAckTimer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's place in a channel: a plain subscription, a durable (perhaps offline), or a member of a queue group.
 *
 * <p>It is online while a session owns it, and receives nothing before it is started, which is when its client has been answered.
 * Invariant: no pending sequence is greater than {@code lastSent}; in a group, than the group's.
 */
public final class Subscription extends StoredRow {
    /**
     * A gateway may die between its answer and starting the subscription. The client would wait for ever, so the subscription starts
     * by itself after this time: long after any client has given up waiting for the answer.
     */
    static final long START_WITHIN_NANOS = 10_000_000_000L;

    /**
     * What was given longer than this before a leader or a connection was lost has been sent, and has arrived: a leader sends at once, and
     * only what was under way at the end is in doubt. It does not hold for a subscriber that reads so slowly that messages wait for it,
     * or whose host was out of reach; that one gets them when their time is over.
     */
    static final long UNDER_WAY_NANOS = 5_000_000_000L;

    private static final Options NONE = new Options("", "", 0, 0);

    private final long id;
    private final Channel channel;
    private final String durableName;
    private final @Nullable QueueGroup group;
    private final Pending pending = new Pending();

    private @Nullable ClientSession session;
    private String clientId = "";
    private Options options = NONE;
    private long lastSent;
    private boolean started;
    private long startByNanos;
    private boolean heartbeatFailed;

    Subscription(ChangeLog changeLog, long id, Channel channel, String durableName, @Nullable QueueGroup group) {
        super(changeLog);
        this.id = id;
        this.channel = channel;
        this.durableName = durableName;
        this.group = group;
    }

    public long id() {
        return id;
    }

    public Channel channel() {
        return channel;
    }

    /** A plain durable; a member of a durable group is none, its group is. */
    public boolean isDurable() {
        return !durableName.isEmpty();
    }

    public String durableName() {
        return durableName;
    }

    public @Nullable QueueGroup group() {
        return group;
    }

    public Pending pending() {
        return pending;
    }

    public @Nullable ClientSession session() {
        return session;
    }

    public boolean isOnline() {
        return session != null;
    }

    public String clientId() {
        return clientId;
    }

    public String inbox() {
        return options.inbox();
    }

    public String ackInbox() {
        return options.ackInbox();
    }

    public int maxInFlight() {
        return options.maxInFlight();
    }

    int ackWaitSecs() {
        return options.ackWaitSecs();
    }

    /** In a group: what the group has sent. */
    public long lastSent() {
        return group != null ? group.lastSent() : lastSent;
    }

    public boolean isStarted() {
        return started;
    }

    boolean hasFailedHeartbeat() {
        return heartbeatFailed;
    }

    boolean isStalled() {
        return pending.size() >= options.maxInFlight();
    }

    // Coming and going

    void beginBehind(long sequence) {
        lastSent = sequence;
        changed();
    }

    /** It belongs to this session from now on, but waits to be started. */
    void goOnline(ClientSession owner, Options wanted, Outbox out) {
        session = owner;
        clientId = owner.clientId();
        options = wanted;
        pending.ranges().forEach(pending::disown);
        started = false;
        startByNanos = out.timeNanos() + START_WITHIN_NANOS;
        heartbeatFailed = false;
        owner.adopt(this);
        channel.cameOnline();
        out.add(new ArmAckTimer(id, startByNanos));
        changed();
    }

    void goOffline() {
        if (session != null) {
            session.release(this);
            channel.wentOffline();
        }
        session = null; // the options stay, for those who look
        started = false;
        startByNanos = 0;
        heartbeatFailed = false;
        changed();
    }

    void markHeartbeats(boolean failed) {
        if (heartbeatFailed != failed) {
            heartbeatFailed = failed;
            changed();
        }
    }

    /** The subscriber has been answered. What is pending from before comes first, all of it; then new messages flow. */
    public void start(Outbox out) {
        if (started || !isOnline()) {
            return; // by itself meanwhile, or closed
        }
        started = true;
        startByNanos = 0;
        changed();
        if (out.granting()) {
            dropTrimmed();
            pending.takeAll().forEach(range -> receiveAgain(range, out));
            grantWaiting(out);
        }
    }

    // Giving

    /** The new messages that wait in the channel, to this subscription or to whoever of its group is next. */
    public void grantWaiting(Outbox out) {
        if (group != null) {
            group.grantNew(out);
        } else {
            grantNew(out);
        }
    }

    void grantNew(Outbox out) {
        long next = channel.nextAvailable(lastSent);
        if (!out.granting() || !started || next > channel.last() || isStalled()) {
            return;
        }
        lastSent = Math.min(channel.last(), next + credit() - 1);
        receive(next, lastSent, out);
    }

    long credit() {
        return options.maxInFlight() - pending.size();
    }

    void receive(long first, long last, Outbox out) {
        give(new Pending.Range(first, last, deadline(out), 0, out.term()), out);
    }

    /** Messages that were given before, to this subscription or another; the window does not matter. */
    void receiveAgain(Pending.Range range, Outbox out) {
        int redeliveries = range.redeliveries() == Integer.MAX_VALUE ? Integer.MAX_VALUE : range.redeliveries() + 1;
        give(new Pending.Range(range.first(), range.last(), deadline(out), redeliveries, out.term()), out);
    }

    private void give(Pending.Range range, Outbox out) {
        pending.add(range);
        out.deliver(this, range);
        changed();
    }

    private long deadline(Outbox out) {
        return out.timeNanos() + options.ackWaitNanos();
    }

    /** Takes over what a leaving member of the group had; it is sent when this one is started, or when a leader takes over. */
    void inherit(Pending.Range range, Outbox out) {
        pending.add(new Pending.Range(range.first(), range.last(), out.timeNanos(), range.redeliveries(), 0));
        changed();
    }

    // Settling

    /** The subscriber is finished with these. Those that meanwhile moved to another member are found there. */
    public void settle(SequenceRanges done) {
        long sizeBefore = pending.size();
        pending.removeAll(done);
        if (pending.size() < sizeBefore) {
            changed();
        }
        if (group != null && sizeBefore - pending.size() < done.size()) {
            group.settleElsewhere(this, done);
        }
    }

    boolean settleMoved(SequenceRanges done) {
        long sizeBefore = pending.size();
        pending.removeAll(done);
        if (pending.size() == sizeBefore) {
            return false;
        }
        changed();
        return true;
    }

    void dropTrimmed() {
        if (pending.dropBelow(channel.first())) {
            changed();
        }
    }

    // Deadlines

    /** Gives again what was not acknowledged in time, then what is new and finds room now. */
    public void expire(Outbox out) {
        if (!isOnline() || !out.granting()) {
            return;
        }
        if (started) {
            dropTrimmed();
            redeliverDue(out);
            grantWaiting(out);
        } else if (startByNanos <= out.dueUntilNanos()) {
            start(out);
        }
        armTimer(out);
    }

    private void redeliverDue(Outbox out) {
        if (group != null) {
            group.expire(this, out);
        } else if (!heartbeatFailed) {
            pending.due(out.dueUntilNanos()).forEach(range -> {
                pending.remove(range.first(), range.last());
                receiveAgain(range, out);
            });
        }
    }

    /**
     * The subscriber is back. Gives what was under way when it was lost again, then what is new and finds room.
     *
     * @param presentUntilNanos when it was last known to be there
     */
    public void redeliver(long presentUntilNanos, Outbox out) {
        if (!started || !isOnline()) {
            return; // the start gives what is due
        }
        dropTrimmed();
        if (!out.granting()) {
            underWay(pending.ranges(), presentUntilNanos).forEach(pending::disown); // the take-over gives it
            changed();
            return;
        }
        giveAgain(pending.ranges(), presentUntilNanos, out);
        grantWaiting(out);
        armTimer(out);
    }

    /** What an earlier leader was told to send at last may never have been sent; all else keeps its deadline. */
    void takeOver(long deliveredUntilNanos, Outbox out) {
        if (started) {
            dropTrimmed();
            giveAgain(pending.grantedBefore(out.term()), deliveredUntilNanos, out);
            redeliverDue(out);
        }
        armTimer(out);
    }

    private void giveAgain(List<Pending.Range> given, long lostNanos, Outbox out) {
        for (Pending.Range range : underWay(given, lostNanos)) {
            pending.remove(range.first(), range.last());
            receiveAgain(range, out);
        }
    }

    /** What may not have arrived, if the touch was lost then. */
    private List<Pending.Range> underWay(List<Pending.Range> given, long lostNanos) {
        return given.stream()
                .filter(range -> range.term() == 0
                        || range.deadlineNanos() - options.ackWaitNanos() >= lostNanos - UNDER_WAY_NANOS)
                .toList();
    }

    private void armTimer(Outbox out) {
        if (isOnline() && !started) {
            out.add(new ArmAckTimer(id, startByNanos));
        } else if (started && !pending.isEmpty()) {
            long earliest = pending.earliestDeadline();
            // What is overdue even now waits for a heartbeat; the timer must not run hot meanwhile.
            out.add(new ArmAckTimer(id, earliest <= out.dueUntilNanos() ? deadline(out) : earliest));
        }
    }

    // Row

    void restore(SubscriptionRecord stored, @Nullable ClientSession owner) {
        session = owner;
        clientId = stored.getClientId();
        options =
                new Options(stored.getInbox(), stored.getAckInbox(), stored.getMaxInFlight(), stored.getAckWaitSecs());
        lastSent = stored.getLastSent();
        started = stored.getStarted();
        startByNanos = stored.getStartByNanos();
        heartbeatFailed = stored.getHeartbeatFailed();
        pending.restore(stored.getPendingList());
        if (owner != null) {
            owner.adopt(this);
            channel.cameOnline();
        }
    }

    @Override
    Changes.Table table() {
        return Changes.Table.SUBSCRIPTIONS;
    }

    @Override
    ByteString key() {
        return Keys.of(channel.id(), id);
    }

    @Override
    ByteString value() {
        SubscriptionRecord.Builder stored = SubscriptionRecord.newBuilder()
                .setClientId(clientId)
                .setInbox(options.inbox())
                .setAckInbox(options.ackInbox())
                .setDurableName(durableName)
                .setGroup(group == null ? 0 : group.id())
                .setMaxInFlight(options.maxInFlight())
                .setAckWaitSecs(options.ackWaitSecs())
                .setLastSent(lastSent)
                .setOnline(isOnline())
                .setStarted(started)
                .setHeartbeatFailed(heartbeatFailed)
                .setStartByNanos(startByNanos);
        pending.store(stored);
        return SubscriptionRow.newBuilder().setSubscription(stored).build().toByteString();
    }
}
