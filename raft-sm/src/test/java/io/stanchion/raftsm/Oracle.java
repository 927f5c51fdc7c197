package io.stanchion.raftsm;

import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.command.Ack;
import io.stanchion.raftsm.command.Append;
import io.stanchion.raftsm.command.Command;
import io.stanchion.raftsm.command.Meta;
import io.stanchion.raftsm.command.Outcome;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Pending;
import io.stanchion.raftsm.model.QueueGroup;
import io.stanchion.raftsm.model.SequenceRanges;
import io.stanchion.raftsm.model.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Applies commands one at a time to a machine of its own, and keeps book of what every subscriber was sent and has acknowledged: simply,
 * message by message. After each command the machine must agree.
 */
final class Oracle {
    private final MemoryStore store = new MemoryStore();
    private final MachineState state = store.restore();

    /** Per plain subscription or group: what was delivered and not acknowledged, and how far delivery has come. */
    private final Map<String, Book> books = new TreeMap<>();

    private final Map<String, Long> published = new TreeMap<>();

    private final Leader leader = new Leader();

    private static final class Book {
        final TreeSet<Long> owed = new TreeSet<>();
        long delivered = -1;
    }

    MachineState state() {
        return state;
    }

    /** An entry without a command. */
    void passTime(long term, long timeNanos) {
        leader.passTime(term, state.advanceClock(term, timeNanos));
    }

    Outcome apply(Command command, long term, long index, long timeNanos) {
        Meta meta = new Meta(term, index, state.advanceClock(term, timeNanos));
        Book acknowledged = acknowledged(command);
        Outcome outcome = command.apply(meta, state);
        count(command, outcome.reply());
        if (acknowledged != null) {
            settle(((Ack) command).done(), acknowledged);
        }
        openBooks();
        outcome.effects().forEach(this::enter);
        outcome.effects().forEach(this::forget);
        outcome.effects().forEach(this::checkWindow);
        check();
        leader.follow(command, outcome.effects(), term, meta.timeNanos());
        leader.check(state, term);
        return outcome;
    }

    private Book acknowledged(Command command) {
        Subscription sub = command instanceof Ack ack ? state.acknowledgingOn(ack.ackInbox()) : null;
        return sub == null ? null : books.get(bookOf(sub));
    }

    private void count(Command command, ReplyProto reply) {
        if (command instanceof Append append) {
            int sent = append.publishers().stream()
                    .mapToInt(Append.Publisher::count)
                    .sum();
            published.merge(append.channel(), (long) sent - reply.getAppend().getRefusedCount(), Long::sum);
        }
    }

    private static void settle(SequenceRanges done, Book book) {
        for (int i = 0; i < done.ranges(); i++) {
            book.owed.subSet(done.first(i), done.last(i) + 1).clear();
        }
    }

    /** One for each place in a channel; those of places that are gone are closed. */
    private void openBooks() {
        Map<String, Long> places = new TreeMap<>();
        for (Channel channel : state.channels()) {
            channel.subscriptions().forEach(sub -> places.put(bookOf(sub), sub.id()));
        }
        books.keySet().retainAll(places.keySet());
        places.keySet().forEach(place -> books.computeIfAbsent(place, p -> new Book()));
    }

    private static String bookOf(Subscription sub) {
        return sub.group() != null ? "group " + sub.group().id() : "sub " + sub.id();
    }

    private void enter(Effect effect) {
        if (effect instanceof Effect.Deliver deliver) {
            Subscription sub = state.subscription(deliver.subscription());
            require(sub != null && sub.isOnline() && sub.isStarted(), "delivered to nobody", deliver);
            require(sub.inbox().equals(deliver.inbox()), "delivered to another inbox", deliver);
            require(deliver.last() <= sub.channel().last(), "delivered what is not there", deliver);
            require(deliver.first() >= sub.channel().first(), "delivered what is trimmed", deliver);
            require(deliver.deadlineNanos() > state.clockNanos(), "delivered too late", deliver);
            Book book = books.get(bookOf(sub));
            if (deliver.redeliveryCount() == 0) {
                enterFirst(deliver, sub, book);
            } else {
                for (long sequence = deliver.first(); sequence <= deliver.last(); sequence++) {
                    require(book.owed.contains(sequence), "redelivered after an ack", deliver);
                }
            }
        }
    }

    /** A channel of this name begins anew. It may go only if nobody was there, and is not needed by anyone. */
    private void forget(Effect effect) {
        if (effect instanceof Effect.ChannelDeleted deleted) {
            published.remove(deleted.channel());
            require(state.channel(deleted.channel()) == null, "deleted, but there", deleted);
        }
    }

    /** In order, and nothing skipped but what was trimmed. */
    private void enterFirst(Effect.Deliver deliver, Subscription sub, Book book) {
        boolean next = book.delivered < 0
                || deliver.first() == book.delivered + 1
                || (deliver.first() > book.delivered
                        && deliver.first() == sub.channel().first());
        require(next, "skipped something or went back from " + book.delivered, deliver);
        book.delivered = deliver.last();
        for (long sequence = deliver.first(); sequence <= deliver.last(); sequence++) {
            book.owed.add(sequence);
        }
    }

    private void checkWindow(Effect effect) {
        if (effect instanceof Effect.Deliver deliver && deliver.redeliveryCount() == 0) {
            Subscription sub = state.subscription(deliver.subscription());
            require(sub.pending().size() <= sub.maxInFlight(), "beyond the window", deliver);
        }
    }

    private void check() {
        for (Channel channel : state.channels()) {
            long last = published.getOrDefault(channel.name(), 0L);
            require(channel.last() == last, "last is not the number of published messages", channel.name());
            require(channel.first() <= last + 1 && channel.first() >= 1, "first is " + channel.first(), channel.name());
            checkLimits(channel);
            for (Subscription sub : channel.subscriptions()) {
                if (sub.group() == null) {
                    checkPending(channel, List.of(sub), bookOf(sub));
                }
            }
            for (QueueGroup group : channel.groups()) {
                require(!group.members().isEmpty(), "an empty group", group.name());
                long offline = group.members().stream()
                        .filter(member -> !member.isOnline())
                        .count();
                boolean shadow = group.shadow() != null;
                require(offline == (shadow ? 1 : 0), "offline members", group.name());
                require(!shadow || !group.durableName().isEmpty(), "a shadow of a mortal group", group.name());
                checkPending(channel, group.members(), "group " + group.id());
            }
        }
    }

    private void checkLimits(Channel channel) {
        long count = channel.last() - channel.first() + 1;
        long maxMessages = channel.limits().maxMessages();
        require(maxMessages == 0 || count <= maxMessages, "too many messages", channel.name());
        long maxBytes = channel.limits().maxBytes();
        require(maxBytes == 0 || count <= 1 || channel.bytes() <= maxBytes, "too many bytes", channel.name());
        require((channel.bytes() == 0) == (count == 0), "bytes without messages", channel.name());
    }

    private void checkPending(Channel channel, List<Subscription> holders, String place) {
        List<Long> pending = new ArrayList<>();
        for (Subscription holder : holders) {
            for (Pending.Range range : holder.pending().ranges()) {
                require(range.last() <= holder.lastSent(), "pending but never sent", range);
                for (long i = range.first(); i <= range.last(); i++) {
                    pending.add(i);
                }
            }
        }
        TreeSet<Long> stored = new TreeSet<>(pending);
        require(stored.size() == pending.size(), "pending twice", place);
        stored.headSet(channel.first()).clear();
        TreeSet<Long> owed = books.get(place).owed;
        owed.headSet(channel.first()).clear();
        require(
                stored.equals(owed),
                "pending is not what was sent and not acknowledged: " + stored + " / " + owed,
                place);
    }

    static void require(boolean holds, String what, Object where) {
        if (!holds) {
            throw new AssertionError(what + ": " + where);
        }
    }
}
