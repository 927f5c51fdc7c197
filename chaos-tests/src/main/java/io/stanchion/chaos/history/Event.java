package io.stanchion.chaos.history;

import java.util.Locale;
import java.util.function.Consumer;

/**
 * One line of a history. What an action has no use for is {@link #NONE}, or empty.
 *
 * @param nanos the monotonic clock of the machine, equal in all its processes
 * @param wallMillis the wall clock, for people and for comparison with logs
 * @param process who writes; within a process, {@code operation} joins the phases of one operation
 * @param party the writer of a publish, the subscription of a delivery, the node of a sample
 * @param counter the number of a message among those of its writer
 * @param value of a delivery: the message's timestamp; of a sample or a heap: bytes
 * @param flagged of a delivery: it carried the redelivered flag
 */
public record Event(
        long nanos,
        long wallMillis,
        String process,
        Phase phase,
        Action action,
        long operation,
        String channel,
        String party,
        int writer,
        long counter,
        long sequence,
        long value,
        boolean flagged,
        String note) {
    public static final long NONE = -1;

    /** What the note of a delivery begins with that knows how often its message was given before. */
    public static final String COUNT = "count ";

    /** An event of this moment, with nothing in it yet. */
    public static Event now(String process, Phase phase, Action action, long operation) {
        return new Event(
                System.nanoTime(),
                System.currentTimeMillis(),
                process,
                phase,
                action,
                operation,
                "",
                "",
                (int) NONE,
                NONE,
                NONE,
                NONE,
                false,
                "");
    }

    public Event at(long moment) {
        return with(draft -> draft.nanos = moment);
    }

    /** The same with a message of a writer. */
    public Event message(int ofWriter, long number) {
        return with(draft -> {
            draft.writer = ofWriter;
            draft.counter = number;
        });
    }

    /** The same on a channel, by a party. */
    public Event on(String whichChannel, String whichParty) {
        return with(draft -> {
            draft.channel = whichChannel;
            draft.party = whichParty;
        });
    }

    /** The same with the place of the message in its channel. */
    public Event stored(long atSequence, long timestamp, boolean redelivered) {
        return with(draft -> {
            draft.sequence = atSequence;
            draft.value = timestamp;
            draft.flagged = redelivered;
        });
    }

    public Event saying(String what) {
        return with(draft -> draft.note = what);
    }

    private Event with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finish();
    }

    /** What may still change in a copy. */
    private static final class Draft {
        private final Event original;
        private long nanos;
        private String channel;
        private String party;
        private int writer;
        private long counter;
        private long sequence;
        private long value;
        private boolean flagged;
        private String note;

        private Draft(Event original) {
            this.original = original;
            nanos = original.nanos;
            channel = original.channel;
            party = original.party;
            writer = original.writer;
            counter = original.counter;
            sequence = original.sequence;
            value = original.value;
            flagged = original.flagged;
            note = original.note;
        }

        private Event finish() {
            return new Event(
                    nanos,
                    original.wallMillis,
                    original.process,
                    original.phase,
                    original.action,
                    original.operation,
                    channel,
                    party,
                    writer,
                    counter,
                    sequence,
                    value,
                    flagged,
                    note);
        }
    }

    public boolean is(Action what, Phase when) {
        return action == what && phase == when;
    }

    /** For people, with the time since some beginning. */
    public String toLine(long beginNanos) {
        StringBuilder line = new StringBuilder();
        line.append(String.format(
                Locale.ROOT, "%9.3f s  %-8s %-6s %-11s", (nanos - beginNanos) / 1e9, process, phase, action));
        if (!channel.isEmpty()) {
            line.append(' ').append(channel);
        }
        if (!party.isEmpty()) {
            line.append(" by ").append(party);
        }
        if (counter != NONE) {
            line.append(" message ").append(writer).append('/').append(counter);
        }
        if (sequence != NONE) {
            line.append(" sequence ").append(sequence);
        }
        if (flagged) {
            line.append(" redelivered");
        }
        return note.isEmpty() ? line.toString() : line.append("  ").append(note).toString();
    }
}
