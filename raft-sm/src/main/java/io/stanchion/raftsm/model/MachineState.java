package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import io.stanchion.proto.record.GatewayRecord;
import io.stanchion.proto.record.SessionRecord;
import io.stanchion.raftsm.effect.Effect.ArmIdleTimer;
import io.stanchion.raftsm.effect.Effect.ChannelCreated;
import io.stanchion.raftsm.effect.Effect.ChannelDeleted;
import io.stanchion.raftsm.effect.Effect.SessionClosed;
import io.stanchion.raftsm.effect.Effect.SessionOpened;
import io.stanchion.raftsm.effect.Effect.TrimUnfinished;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything the log has decided so far. Owned by the apply thread, except for {@link #heartbeatsMissed}.
 *
 * <p>All collections are ordered, and where their order decides something it is part of the rows: a restored machine goes on exactly as
 * the one that never stopped.
 */
public final class MachineState {
    /** No clock goes beyond this, so that deadlines can be added to it. */
    private static final long CLOCK_MAX = 1L << 62;

    private final ChangeLog changeLog = new ChangeLog();
    private final RunIndex runs;
    private final Header header = new Header(changeLog);
    private final Channels channels = new Channels();
    private final Holdings holdings = new Holdings();
    private final Sessions sessions = new Sessions();
    private final TreeMap<Long, Subscription> subscriptions = new TreeMap<>();
    private final TreeMap<String, Subscription> byAckInbox = new TreeMap<>();
    private final TreeMap<String, GatewayLog> gateways = new TreeMap<>();
    private final Comparison comparison = new Comparison(changeLog, header, channels);

    MachineState(RunIndex runs) {
        this.runs = runs;
        header.count(); // has a row even if nothing was ever changed
    }

    /** The state that the rows, all that were ever put and not deleted, describe; no rows give the empty machine. */
    public static MachineState restore(RunIndex runs, Iterable<Changes.Row> rows) {
        return new Restorer(runs, rows).restore();
    }

    /**
     * What changed since the last call. Until then messages are found here; from then on the {@link RunIndex} must know them.
     * It costs what changed, not what there is.
     */
    public Changes drainChanges() {
        return changeLog.drain();
    }

    /**
     * The runs that came since this or {@link #drainChanges} was called last: for a store that makes messages readable at once and writes
     * rows later. They are not in the next Changes, and the {@link RunIndex} must know them from now on.
     */
    public List<Changes.PutRun> drainRuns() {
        return changeLog.drainRuns();
    }

    /** Comparing this replica with others. */
    public Comparison comparison() {
        return comparison;
    }

    /** {@link Comparison#digest}, computed from all that there is: slow, and nothing was forgotten. */
    public Digest digest() {
        RollingDigest all = new RollingDigest(new Fingerprint());
        rows().forEach(row -> all.replace(row, 0));
        return new Digest(Digest.VERSION, header.digestsSince, all.tables());
    }

    /** All rows, as a store that has drained everything holds them. */
    public List<Changes.Row> rows() {
        return stored().stream().map(StoredRow::row).toList();
    }

    private List<StoredRow> stored() {
        List<StoredRow> all = new ArrayList<>();
        all.add(header);
        for (Channel channel : channels.all()) {
            all.add(channel);
            all.addAll(channel.subscriptions());
            all.addAll(channel.groups());
        }
        all.addAll(sessions.all());
        all.addAll(gateways.values());
        return all;
    }

    /** After restoring: the digest is that of what was read, not of what was written once. */
    void count() {
        stored().forEach(StoredRow::count);
    }

    /**
     * Whether a session with this connection ID is registered, and its consecutive missed heartbeats; -1 if it is not. May be called from
     * any thread.
     */
    public int heartbeatsMissed(ByteString connId) {
        ClientSession session = sessions.byConnId(connId);
        return session == null ? -1 : session.heartbeatsMissed();
    }

    /** The number of the session that is registered under a client ID; 0 if there is none. May be called from any thread. */
    public long sessionNumber(String clientId) {
        ClientSession session = sessions.byClientId(clientId);
        return session == null ? 0 : session.number();
    }

    /** Costs nothing: it is kept up all the time. */
    public Totals totals() {
        return new Totals(
                sessions.all().size(),
                channels.all().size(),
                subscriptions.size(),
                holdings.messages(),
                holdings.bytes());
    }

    // The log

    /**
     * The log's clock moves on, never back; returns the time that it is now.
     *
     * @param term of the entry; what lies between two terms is time in which nobody could use a channel
     */
    public long advanceClock(long term, long nanos) {
        long now = Math.max(header.clockNanos, Math.min(nanos, CLOCK_MAX));
        if (term != header.lastTerm) {
            if (header.lastTerm == header.deliveringTerm) {
                header.deliveredUntilNanos = header.clockNanos;
            }
            header.leaderlessNanos += header.lastTerm == 0 ? 0 : now - header.clockNanos;
            header.lastTerm = term;
            header.changed();
        }
        if (now != header.clockNanos) {
            header.clockNanos = now;
            header.changed();
        }
        return now;
    }

    public long clockNanos() {
        return header.clockNanos;
    }

    public GatewayLog gateway(String gateway) {
        GatewayLog known = gateways.get(gateway);
        if (known == null) {
            known = new GatewayLog(changeLog, gateway);
            gateways.put(gateway, known);
            known.changed();
        }
        return known;
    }

    /** For what the leader of {@code term} owes for one command. Messages are given only once it has taken over. */
    public Outbox outbox(long term, long timeNanos) {
        return new Outbox(term, timeNanos, activeNanos(), header.deliveringTerm == term);
    }

    /** The log's clock without the times between terms. */
    private long activeNanos() {
        return header.clockNanos - header.leaderlessNanos;
    }

    public Settings settings() {
        return header.settings;
    }

    /** For channels that exist, too; but those that are too many stay. */
    public void configure(Settings settings, Outbox out) {
        header.settings = settings;
        header.changed();
        for (Channel channel : channels.all()) {
            channel.limit(settings.limitsOf(channel.name()));
            armIdleTimer(channel, out);
        }
    }

    /** Drops what is too much or too old, wherever it is. If that is a lot the rest is left to a tick, so that nobody waits for it. */
    public void enforceLimits(Outbox out) {
        int runs = Channel.RUNS_DROPPED_MAX;
        for (Channel channel : channels.all()) {
            runs = channel.enforce(runs, out);
            if (runs == 0) {
                out.add(new TrimUnfinished());
                return;
            }
        }
    }

    /** The leader of this term delivers from now on, beginning with what an earlier one may have left unsent. */
    public Outbox takeOver(long term, long timeNanos) {
        header.deliveringTerm = term;
        header.changed();
        Outbox out = outbox(term, timeNanos);
        sessions.all().forEach(session -> out.add(opened(session)));
        subscriptions.values().forEach(subscription -> subscription.takeOver(header.deliveredUntilNanos, out));
        for (Channel channel : channels.all()) {
            channel.grantNew(out);
            armIdleTimer(channel, out);
        }
        return out;
    }

    // Sessions

    public @Nullable ClientSession session(String clientId) {
        return sessions.byClientId(clientId);
    }

    public @Nullable ClientSession session(ByteString connId) {
        return sessions.byConnId(connId);
    }

    /** @param wanted without a number */
    public void openSession(SessionRecord wanted, Outbox out) {
        ClientSession session = new ClientSession(
                changeLog, wanted.toBuilder().setNumber(header.nextSession++).build());
        header.changed();
        sessions.add(session);
        session.changed();
        out.add(opened(session));
    }

    private static SessionOpened opened(ClientSession session) {
        return new SessionOpened(session.clientId(), session.number(), session.connId(), session.heartbeatInbox());
    }

    /** Unregisters a client; all its subscriptions are closed. */
    public void closeSession(ClientSession session, Outbox out) {
        boolean timedOut = session.heartbeatsMissed() > header.settings.heartbeatFailCount();
        sessions.remove(session);
        session.delete();
        out.add(new SessionClosed(session.clientId(), session.number(), timedOut));
        for (Subscription subscription : session.subscriptions()) {
            end(subscription, Leaving.SESSION_END, out);
        }
    }

    // Channels

    public @Nullable Channel channel(String name) {
        return channels.byName(name);
    }

    /** Why nothing can be stored or read under this name, in the protocol's words; empty if it can. */
    public String channelRefusal(String name) {
        return channels.refusal(name, header.settings.maxChannels());
    }

    /** Finds or creates a channel that is not refused. */
    public Channel openChannel(String name, long logIndex, Outbox out) {
        Channel known = channels.byName(name);
        if (known != null) {
            return known;
        }
        Channel created = new Channel(changeLog, runs, holdings, header.nextChannel++, name, logIndex);
        header.changed();
        created.limit(header.settings.limitsOf(name));
        created.touch(out.activeNanos());
        channels.add(created);
        out.add(new ChannelCreated(name));
        armIdleTimer(created, out);
        return created;
    }

    /** Nobody has been there for as long as the limit allows. Offline durables do not count. */
    public boolean isIdleTooLong(Channel channel) {
        long max = channel.limits().maxInactivityNanos();
        return max > 0 && channel.isLeft() && activeNanos() - channel.activeNanos() >= max;
    }

    /** The leader is to look after an idle channel again when it has been idle for long enough. */
    public void armIdleTimer(Channel channel, Outbox out) {
        long max = channel.limits().maxInactivityNanos();
        if (max > 0 && channel.isLeft()) {
            long deadline = Math.min(CLOCK_MAX, max) + channel.activeNanos() + header.leaderlessNanos;
            out.add(new ArmIdleTimer(channel.name(), channel.id(), Math.min(CLOCK_MAX, deadline)));
        }
    }

    /** With all that was in it, and all who subscribed to it. */
    public void deleteChannel(Channel channel, Outbox out) {
        for (Subscription subscription : List.copyOf(channel.subscriptions())) {
            byAckInbox.remove(subscription.ackInbox());
            subscription.goOffline();
            subscriptions.remove(subscription.id());
            subscription.delete();
        }
        channel.groups().forEach(QueueGroup::delete);
        channel.clear();
        channel.delete();
        channels.remove(channel);
        out.add(new ChannelDeleted(channel.name(), channel.id()));
    }

    public Collection<Channel> channels() {
        return channels.all();
    }

    // Subscriptions

    public @Nullable Subscription subscription(long id) {
        return subscriptions.get(id);
    }

    public @Nullable Subscription acknowledgingOn(String ackInbox) {
        return byAckInbox.get(ackInbox);
    }

    /** All of this channel, those offline included, would be too many with another one. */
    public boolean isFull(Channel channel) {
        long max = channel.limits().maxSubscriptions();
        return max > 0 && channel.subscriptions().size() >= max;
    }

    /** @param durableName empty for a plain subscription that is not durable */
    public Subscription newSubscription(
            Channel channel, String durableName, Start start, ClientSession owner, Options options, Outbox out) {
        Subscription created = new Subscription(changeLog, nextSubscription(), channel, durableName, null);
        created.beginBehind(start.lastSent(channel, out.timeNanos()));
        attach(created, owner, options, out);
        channel.add(created);
        return created;
    }

    public QueueGroup newGroup(Channel channel, String durableName, String groupName, Start start, long nowNanos) {
        QueueGroup created = new QueueGroup(changeLog, nextSubscription(), channel, durableName, groupName);
        created.beginBehind(start.lastSent(channel, nowNanos));
        channel.add(created);
        return created;
    }

    public Subscription newMember(QueueGroup group, Channel channel, ClientSession owner, Options options, Outbox out) {
        Subscription created = new Subscription(changeLog, nextSubscription(), channel, "", group);
        attach(created, owner, options, out);
        channel.add(created);
        group.join(created);
        return created;
    }

    /** A durable, or what the last member of a durable group left, comes back with new options. */
    public void resume(Subscription offline, ClientSession owner, Options options, Outbox out) {
        attach(offline, owner, options, out);
    }

    private long nextSubscription() {
        header.changed();
        return header.nextSubscription++;
    }

    private void attach(Subscription subscription, ClientSession owner, Options options, Outbox out) {
        subscription.goOnline(owner, options, out);
        subscriptions.put(subscription.id(), subscription);
        byAckInbox.put(options.ackInbox(), subscription);
    }

    /** Ends an online subscription; what stays of it depends on its kind and on why it ends. */
    public void end(Subscription subscription, Leaving why, Outbox out) {
        byAckInbox.remove(subscription.ackInbox());
        QueueGroup group = subscription.group();
        boolean keep = why != Leaving.UNSUBSCRIBE
                && (group == null
                        ? subscription.isDurable()
                        : group.isLast(subscription) && !group.durableName().isEmpty());
        if (group != null && !keep) {
            leave(group, subscription, why, out);
        }
        boolean wasOnline = subscription.isOnline();
        subscription.goOffline();
        Channel channel = subscription.channel();
        if (wasOnline && channel.isLeft()) {
            channel.touch(out.activeNanos());
            armIdleTimer(channel, out);
        }
        if (!keep) {
            subscriptions.remove(subscription.id());
            channel.remove(subscription);
            subscription.delete();
        }
    }

    private static void leave(QueueGroup group, Subscription leaver, Leaving why, Outbox out) {
        if (group.isLast(leaver)) {
            leaver.channel().remove(group);
            group.delete();
        } else {
            group.leave(leaver, why, out);
        }
    }

    // Restoring

    void restoreLimits() {
        channels.all().forEach(channel -> channel.restoreLimits(header.settings.limitsOf(channel.name())));
    }

    Header header() {
        return header;
    }

    ChangeLog changeLog() {
        return changeLog;
    }

    RunIndex runs() {
        return runs;
    }

    Holdings holdings() {
        return holdings;
    }

    Channels channelTable() {
        return channels;
    }

    Sessions sessionTable() {
        return sessions;
    }

    void restored(String gateway, GatewayRecord stored) {
        gateways.put(gateway, new GatewayLog(changeLog, gateway, stored));
    }

    void restored(Subscription subscription) {
        subscriptions.put(subscription.id(), subscription);
        if (subscription.isOnline()) {
            byAckInbox.put(subscription.ackInbox(), subscription);
        }
    }
}
