package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import io.stanchion.proto.record.QueueGroupRecord;
import io.stanchion.proto.record.SubscriptionRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions that share a channel's messages: each message goes to one of them.
 *
 * <p>Invariant: a message is pending at one member at most. A durable group whose last member left keeps that member, offline, as its only
 * one; the next to join becomes it again.
 */
public final class QueueGroup extends StoredRow {
    private final long id;
    private final Channel channel;
    private final String name;
    private final String durableName;

    /** The head is asked first when all are equally good, and moves to the tail when it gets a message. */
    private final List<Subscription> members = new ArrayList<>();

    private long lastSent;

    QueueGroup(ChangeLog changeLog, long id, Channel channel, String durableName, String name) {
        super(changeLog);
        this.id = id;
        this.channel = channel;
        this.durableName = durableName;
        this.name = name;
    }

    public long id() {
        return id;
    }

    public String name() {
        return name;
    }

    public String durableName() {
        return durableName;
    }

    public long lastSent() {
        return lastSent;
    }

    public List<Subscription> members() {
        return List.copyOf(members);
    }

    // Members

    void beginBehind(long sequence) {
        lastSent = sequence;
        changed();
    }

    /** The record of the last member that left a durable group; null while there are members. */
    public @Nullable Subscription shadow() {
        return members.size() == 1 && !members.get(0).isOnline() ? members.get(0) : null;
    }

    void join(Subscription member) {
        members.add(member);
        changed();
    }

    boolean isLast(Subscription member) {
        return members.size() == 1 && members.get(0) == member;
    }

    /** Its pending messages are dealt to the others, one by one, and redelivered at once. */
    void leave(Subscription leaver, Leaving why, Outbox out) {
        members.remove(leaver);
        changed();
        leaver.dropTrimmed();
        List<Subscription> heirs = heirs(leaver, why);
        if (heirs.isEmpty()) {
            // All others end with the same session; the last of them may leave a shadow.
            leaver.pending().takeAll().forEach(range -> members.get(0).inherit(range, out));
        } else {
            deal(leaver.pending().takeAll(), heirs, out);
        }
    }

    private List<Subscription> heirs(Subscription leaver, Leaving why) {
        List<Subscription> heirs = new ArrayList<>(members);
        if (why == Leaving.SESSION_END) {
            heirs.removeIf(member -> member.session() == leaver.session());
        }
        if (heirs.stream().anyMatch(Subscription::isStarted)) {
            heirs.removeIf(member -> !member.isStarted());
        }
        if (heirs.stream().anyMatch(member -> !member.hasFailedHeartbeat())) {
            heirs.removeIf(Subscription::hasFailedHeartbeat);
        }
        return heirs;
    }

    private static void deal(List<Pending.Range> cards, List<Subscription> heirs, Outbox out) {
        int next = 0;
        for (Pending.Range range : cards) {
            if (heirs.size() == 1) {
                bequeath(heirs.get(0), range, out);
                continue;
            }
            for (long sequence = range.first(); sequence <= range.last(); sequence++) {
                bequeath(heirs.get(next), range.part(sequence, sequence), out);
                next = (next + 1) % heirs.size();
            }
        }
    }

    private static void bequeath(Subscription heir, Pending.Range range, Outbox out) {
        if (heir.isStarted() && out.granting()) {
            heir.receiveAgain(range, out);
        } else {
            heir.inherit(range, out);
        }
    }

    // Giving

    void grantNew(Outbox out) {
        long next = channel.nextAvailable(lastSent);
        while (out.granting() && next <= channel.last()) {
            Choice choice = choose();
            Subscription member = choice.best != null ? choice.best : choice.bestOfFailed;
            if (member == null) {
                return; // all stalled
            }
            lastSent = choice.open == 1 ? Math.min(channel.last(), next + member.credit() - 1) : next;
            rotate(member);
            member.receive(next, lastSent, out);
            changed();
            next = lastSent + 1;
        }
    }

    /** Each overdue message of this member goes to the best one, be it the same; the window does not matter then. */
    void expire(Subscription holder, Outbox out) {
        for (Pending.Range range : holder.pending().due(out.dueUntilNanos())) {
            long next = range.first();
            while (next <= range.last()) {
                Choice choice = choose();
                Subscription member = choice.best != null ? choice.best : choice.head;
                if (member == null) {
                    throw new IllegalStateException("group " + name + " has no started member, but " + holder.id());
                }
                Pending.Range part = range.part(next, choice.started == 1 ? range.last() : next);
                rotate(member);
                holder.pending().remove(part.first(), part.last());
                member.receiveAgain(part, out);
                next = part.last() + 1;
            }
            holder.changed();
        }
    }

    /** What a look at all members tells about who is next. */
    private static final class Choice {
        int started;
        int open;

        @Nullable
        Subscription head;

        @Nullable
        Subscription best;

        @Nullable
        Subscription bestOfFailed;
    }

    /** Among those with room, the one with the fewest pending messages; whoever misses heartbeats comes last. */
    private Choice choose() {
        Choice choice = new Choice();
        for (Subscription member : members) {
            if (!member.isStarted()) {
                continue;
            }
            choice.started++;
            choice.head = choice.head == null ? member : choice.head;
            if (member.isStalled()) {
                continue;
            }
            choice.open++;
            if (member.hasFailedHeartbeat()) {
                choice.bestOfFailed = lessLoaded(choice.bestOfFailed, member);
            } else {
                choice.best = lessLoaded(choice.best, member);
            }
        }
        return choice;
    }

    private static Subscription lessLoaded(@Nullable Subscription one, Subscription other) {
        return one == null || other.pending().size() < one.pending().size() ? other : one;
    }

    private void rotate(Subscription chosen) {
        if (members.size() > 1 && members.get(0) == chosen) {
            members.add(members.remove(0));
            changed();
        }
    }

    // Settling

    void settleElsewhere(Subscription acknowledging, SequenceRanges done) {
        for (Subscription member : members) {
            if (member != acknowledging) {
                member.settleMoved(done);
            }
        }
    }

    // Row

    void restore(QueueGroupRecord stored) {
        lastSent = stored.getLastSent();
    }

    void restoreMember(Subscription member) {
        members.add(member);
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
        QueueGroupRecord.Builder stored = QueueGroupRecord.newBuilder()
                .setName(name)
                .setDurableName(durableName)
                .setLastSent(lastSent);
        members.forEach(member -> stored.addMembers(member.id()));
        return SubscriptionRow.newBuilder().setGroup(stored).build().toByteString();
    }
}
