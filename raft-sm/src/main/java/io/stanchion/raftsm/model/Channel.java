package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import io.stanchion.proto.record.ChannelRecord;
import io.stanchion.raftsm.effect.Effect.LimitsReached;
import io.stanchion.raftsm.effect.Effect.TrimUnfinished;
import io.stanchion.raftsm.model.RunIndex.Run;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A named log of messages, and who reads it.
 *
 * <p>Invariant: its messages are {@code first..last} without gaps; first = last + 1 if there are none. Sequences start at 1 and are never
 * used again.
 */
public final class Channel extends StoredRow {
    /** An entry that has more runs to drop leaves the rest to the next: all wait for an entry that takes long. */
    static final int RUNS_DROPPED_MAX = 10_000;

    private static final long UNKNOWN = -1;

    private final long id;
    private final String name;
    private final long incarnation;
    private final ChannelRuns runs;
    private final Holdings holdings;
    private final TreeMap<Long, Subscription> subscriptions = new TreeMap<>();
    private final TreeMap<Long, Subscription> plain = new TreeMap<>();
    private final TreeMap<Name, Subscription> durables = new TreeMap<>();
    private final TreeMap<Name, QueueGroup> groups = new TreeMap<>();

    private long first = 1;
    private long last;
    private long bytes;
    private long lastTimestampNanos;

    /** Over all runs since the chains began; what was trimmed meanwhile stays a part of it. */
    private long chain;

    /** Of the message at {@code first}; only a memo, to be looked up when unknown. */
    private long firstTimestampNanos = UNKNOWN;

    private long firstDrained = 1;

    /** Those of the settings in force. */
    private ChannelLimits limits = ChannelLimits.NONE;

    /** A limit of count or size has been reached under these limits. */
    private boolean limited;

    /** When it was created, got a message, or was left by its last subscriber. */
    private long activeNanos;

    /** Subscriptions that are online. */
    private int online;

    /** A durable's client ID and name, or a group's durable name (or none) and name: kept apart, so that no two can run together. */
    private record Name(String space, String name) implements Comparable<Name> {
        private static final Comparator<Name> ORDER =
                Comparator.comparing(Name::space).thenComparing(Name::name);

        @Override
        public int compareTo(Name other) {
            return ORDER.compare(this, other);
        }
    }

    Channel(ChangeLog changeLog, RunIndex stored, Holdings holdings, long id, String name, long incarnation) {
        super(changeLog);
        this.id = id;
        this.name = name;
        this.incarnation = incarnation;
        this.holdings = holdings;
        runs = new ChannelRuns(changeLog, stored, id);
    }

    void restore(ChannelRecord stored) {
        first = stored.getFirstSequence();
        last = stored.getLastSequence();
        bytes = stored.getBytes();
        lastTimestampNanos = stored.getLastTimestampNanos();
        activeNanos = stored.getActiveNanos();
        limited = stored.getLimited();
        chain = stored.getChain();
        firstDrained = first;
        holdings.add(last - first + 1, bytes);
    }

    public long id() {
        return id;
    }

    public String name() {
        return name;
    }

    public long first() {
        return first;
    }

    public long last() {
        return last;
    }

    public long bytes() {
        return bytes;
    }

    public long lastTimestampNanos() {
        return lastTimestampNanos;
    }

    // Limits and idleness

    public ChannelLimits limits() {
        return limits;
    }

    void restoreLimits(ChannelLimits inForce) {
        limits = inForce;
    }

    void limit(ChannelLimits inForce) {
        if (limited && !inForce.equals(limits)) {
            limited = false;
            changed();
        }
        limits = inForce;
    }

    /** On the clock that stands still between terms. */
    long activeNanos() {
        return activeNanos;
    }

    void touch(long nowActiveNanos) {
        activeNanos = nowActiveNanos;
        changed();
    }

    void cameOnline() {
        online++;
    }

    void wentOffline() {
        online--;
    }

    /** Nobody is subscribed, but for durables that are offline. */
    boolean isLeft() {
        return online == 0;
    }

    void beginChain() {
        chain = 0;
        changed();
    }

    /** As a part of its deletion. */
    void clear() {
        holdings.add(first - last - 1, -bytes);
    }

    // Messages

    /** Stores a run and gives it to whoever has room. */
    public void append(int count, ByteString records, Outbox out) {
        runs.append(last + 1, count, out.timeNanos(), records);
        chain = fingerprint().next(chain, last + 1, count, out.timeNanos(), records);
        if (first > last) {
            firstTimestampNanos = out.timeNanos();
        }
        last += count;
        bytes += records.size();
        holdings.add(count, records.size());
        lastTimestampNanos = out.timeNanos();
        touch(out.activeNanos());
        enforce(out);
        grantNew(out);
    }

    public void enforce(Outbox out) {
        if (enforce(RUNS_DROPPED_MAX, out) == 0) {
            out.add(new TrimUnfinished());
        }
    }

    /**
     * Drops the oldest messages as far as a limit asks for it. Of count and size the newest message is exempt.
     *
     * @param runs that may be dropped; returns how many of them may still be, 0 if it was not enough
     */
    int enforce(int runs, Outbox out) {
        if (first > last || !limits.limitMessages()) {
            return runs;
        }
        long oldest = out.timeNanos() - limits.maxAgeNanos();
        int left = runs;
        if (limits.maxAgeNanos() > 0 && firstTimestamp() <= oldest) {
            left = dropBelow(firstSince(oldest + 1), left);
        }
        long before = first;
        if (limits.maxMessages() > 0) {
            left = dropBelow(last - limits.maxMessages() + 1, left);
        }
        if (limits.maxBytes() > 0 && bytes > limits.maxBytes()) {
            left = dropBytes(bytes - limits.maxBytes(), left);
        }
        if (first > before && !limited) {
            limited = true;
            out.add(new LimitsReached(name, last - first + 1, limits.maxMessages(), bytes, limits.maxBytes()));
        }
        return left;
    }

    private int dropBelow(long keepFrom, int runsMax) {
        int left = runsMax;
        while (first < keepFrom && first <= last && left > 0) {
            left--;
            Run run = runs.holding(first);
            long next = Math.min(keepFrom, run.last() + 1);
            long dropped = share(run, next) - share(run, first);
            bytes -= dropped;
            holdings.add(first - next, -dropped);
            first = next;
            firstTimestampNanos = next <= run.last() ? run.timestampNanos() : UNKNOWN;
            changed();
        }
        return left;
    }

    private int dropBytes(long excess, int runsMax) {
        long left = excess;
        long keepFrom = first;
        int runsLeft = runsMax;
        while (left > 0 && keepFrom < last && runsLeft > 0) {
            runsLeft--;
            Run run = runs.holding(keepFrom);
            long used = share(run, keepFrom);
            if (run.bytes() - used <= left && run.last() < last) {
                left -= run.bytes() - used;
                keepFrom = run.last() + 1;
            } else {
                keepFrom = Math.min(last, firstWithShare(run, used + left));
                left = 0;
            }
        }
        return dropBelow(keepFrom, runsMax);
    }

    /** The bytes of a run that lie before one of its sequences, as if all its messages were alike. */
    private static long share(Run run, long sequence) {
        return run.bytes() * (sequence - run.first()) / run.count();
    }

    private static long firstWithShare(Run run, long wanted) {
        long messages = (wanted * run.count() + run.bytes() - 1) / run.bytes();
        return Math.min(run.last() + 1, run.first() + messages);
    }

    private long firstTimestamp() {
        if (firstTimestampNanos == UNKNOWN) {
            firstTimestampNanos = runs.holding(first).timestampNanos();
        }
        return firstTimestampNanos;
    }

    /** The first stored message that is not older; last + 1 if all are. */
    long firstSince(long timestampNanos) {
        if (first > last || timestampNanos > lastTimestampNanos) {
            return last + 1;
        }
        Run run = runs.firstSince(first, timestampNanos);
        if (run == null) {
            throw new IllegalStateException("channel " + name + ": nothing since " + timestampNanos
                    + ", but the last message is of " + lastTimestampNanos);
        }
        return Math.max(first, run.first());
    }

    /** What comes behind a sequence: trimmed messages are jumped over. */
    long nextAvailable(long sequence) {
        return Math.max(sequence + 1, first);
    }

    void grantNew(Outbox out) {
        if (out.granting()) {
            plain.values().forEach(subscription -> subscription.grantNew(out));
            groups.values().forEach(group -> group.grantNew(out));
        }
    }

    // Readers

    /** All, offline durables too, the oldest first. */
    public Collection<Subscription> subscriptions() {
        return subscriptions.values();
    }

    /** Those that are younger than the one with this ID, the oldest first. */
    Collection<Subscription> subscriptionsAfter(long id) {
        return subscriptions.tailMap(id, false).values();
    }

    public @Nullable Subscription durable(String clientId, String durableName) {
        return durables.get(new Name(clientId, durableName));
    }

    /** @param durableName empty for a group that dies with its last member */
    public @Nullable QueueGroup group(String durableName, String groupName) {
        return groups.get(new Name(durableName, groupName));
    }

    public Collection<QueueGroup> groups() {
        return groups.values();
    }

    /** The online subscription that receives on this inbox, this client's first; null if there is none. */
    public @Nullable Subscription receivingOn(String inbox, String clientId) {
        Subscription found = null;
        for (Subscription subscription : subscriptions.values()) {
            if (subscription.isOnline() && subscription.inbox().equals(inbox)) {
                if (subscription.clientId().equals(clientId)) {
                    return subscription;
                }
                found = found == null ? subscription : found;
            }
        }
        return found;
    }

    void add(Subscription subscription) {
        subscriptions.put(subscription.id(), subscription);
        if (subscription.group() == null) {
            plain.put(subscription.id(), subscription);
        }
        if (subscription.isDurable()) {
            durables.put(new Name(subscription.clientId(), subscription.durableName()), subscription);
        }
    }

    void remove(Subscription subscription) {
        subscriptions.remove(subscription.id());
        plain.remove(subscription.id());
        if (subscription.isDurable()) {
            durables.remove(new Name(subscription.clientId(), subscription.durableName()));
        }
    }

    void add(QueueGroup group) {
        groups.put(new Name(group.durableName(), group.name()), group);
    }

    void remove(QueueGroup group) {
        groups.remove(new Name(group.durableName(), group.name()));
    }

    // Row

    @Override
    void drainTrims(List<Changes.Trim> trims) {
        if (isDeleted()) {
            trims.add(new Changes.Trim(id, Long.MAX_VALUE));
        } else if (first > firstDrained) {
            trims.add(new Changes.Trim(id, first));
            firstDrained = first;
        }
    }

    @Override
    Changes.Table table() {
        return Changes.Table.CHANNELS;
    }

    @Override
    ByteString key() {
        return Keys.of(id);
    }

    @Override
    ByteString value() {
        return ChannelRecord.newBuilder()
                .setName(name)
                .setFirstSequence(first)
                .setLastSequence(last)
                .setBytes(bytes)
                .setIncarnation(incarnation)
                .setLastTimestampNanos(lastTimestampNanos)
                .setActiveNanos(activeNanos)
                .setLimited(limited)
                .setChain(chain)
                .build()
                .toByteString();
    }
}
