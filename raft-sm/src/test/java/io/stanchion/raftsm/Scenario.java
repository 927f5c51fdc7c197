package io.stanchion.raftsm;

import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.command.Command;
import io.stanchion.raftsm.command.CommandCodec;
import io.stanchion.raftsm.command.StartDelivery;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Pending;
import io.stanchion.raftsm.model.QueueGroup;
import io.stanchion.raftsm.model.Subscription;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs a script against a machine and writes what comes out behind each line. Besides the words of {@link Script} there are
 * {@code wait 30s} (moves the clock), {@code term 2} (a new leader, which has not taken over yet) and {@code show orders}.
 */
final class Scenario {
    static final long BEGIN = 1_600_000_000_000_000_000L;

    private final boolean restoring;
    private final Script script = new Script();
    private final MemoryStore store = new MemoryStore();
    private MachineState state = store.restore();
    private long now = BEGIN;
    private long term = 1;
    private long index;

    /** @param restoring the machine is thrown away and restored from the store after each line */
    Scenario(boolean restoring) {
        this.restoring = restoring;
        run("takeover");
        run("configure");
    }

    String play(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.lines().toList()) {
            lines.add(line.isBlank() || line.startsWith("#") ? line : play(line, line.split("\\s*->", -1)[0]));
        }
        return String.join("\n", lines) + "\n";
    }

    private String play(String line, String action) {
        try {
            String outcome = run(action);
            if (restoring) {
                restore();
            }
            return outcome.isEmpty() ? action : String.format("%-66s -> %s", action, outcome);
        } catch (RuntimeException e) {
            throw new AssertionError("at: " + line, e);
        }
    }

    private void restore() {
        Digest digest = state.digest();
        store.write(state.drainChanges());
        state = store.restore();
        if (!state.digest().equals(digest)) {
            throw new AssertionError("a restored machine differs");
        }
    }

    private String run(String action) {
        String[] words = action.split("\\s+", 2);
        switch (words[0]) {
            case "wait" -> {
                now += Script.nanos(words[1]);
                return "";
            }
            case "term" -> {
                term = Long.parseLong(words[1]);
                return "";
            }
            case "show" -> {
                return show(words[1]);
            }
            default -> {
                return apply(action);
            }
        }
    }

    private String apply(String action) {
        boolean paused = action.endsWith(" paused");
        List<Effect> effects = new ArrayList<>();
        ReplyProto reply = apply(script.read(action.replace(" paused", "")), effects);
        if (reply.hasSubscribe()) {
            long id = reply.getSubscribe().getSubscription();
            script.subscribed(id);
            if (!paused) {
                effects.removeIf(effect -> effect instanceof Effect.ArmAckTimer);
                apply(new StartDelivery(id), effects);
            }
        }
        return text(reply) + effects.stream().map(this::text).collect(Collectors.joining());
    }

    private ReplyProto apply(Command command, List<Effect> effects) {
        index++;
        CommandProto proto = CommandCodec.encode(command);
        Batch batch = Batch.newBuilder()
                .setGateway("a")
                .setIncarnation(1)
                .setNumber(index)
                .setTimeNanos(now)
                .addCommands(proto)
                .build();
        String problem = BatchApplier.check(batch);
        if (!problem.isEmpty()) {
            throw new AssertionError(problem);
        }
        BatchApplier.Result result = BatchApplier.apply(term, index, batch, state);
        effects.addAll(result.effects());
        try {
            return BatchReply.parseFrom(result.reply()).getReplies(0);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(ReplyProto reply) {
        if (!reply.getError().isEmpty()) {
            return "refused: " + reply.getError();
        }
        return switch (reply.getDetailCase()) {
            case APPEND ->
                reply.getAppend().getRefusedList().stream()
                        .map(refusal -> "#" + refusal.getIndex() + " refused: " + refusal.getError())
                        .collect(Collectors.joining(", "));
            case OPEN_SESSION ->
                "taken by session=" + reply.getOpenSession().getRegisteredSession() + " "
                        + reply.getOpenSession().getRegisteredHeartbeatInbox();
            case SUBSCRIBE -> "ok sub=" + reply.getSubscribe().getSubscription();
            case CLOSE_SUBSCRIPTION, CLOSE_SESSION, DETAIL_NOT_SET -> "ok";
        };
    }

    private String text(Effect effect) {
        if (effect instanceof Effect.Deliver d) {
            String again = d.redeliveryCount() == 0 ? "" : " again=" + d.redeliveryCount();
            return " | deliver sub=" + d.subscription() + " " + range(d.first(), d.last()) + again + " by "
                    + seconds(d.deadlineNanos());
        } else if (effect instanceof Effect.ArmAckTimer arm) {
            return " | arm sub=" + arm.subscription() + " " + seconds(arm.deadlineNanos());
        } else if (effect instanceof Effect.SessionOpened opened) {
            return " | opened " + opened.clientId() + " session=" + opened.session();
        } else if (effect instanceof Effect.SessionClosed closed) {
            return " | closed " + closed.clientId() + " session=" + closed.session();
        } else if (effect instanceof Effect.HeartbeatNow now) {
            return " | heartbeat " + now.clientId() + " session=" + now.session();
        } else if (effect instanceof Effect.ChannelDeleted deleted) {
            return " | deleted " + deleted.channel();
        } else if (effect instanceof Effect.ArmIdleTimer arm) {
            return " | watch " + arm.channel() + " " + arm.channelId() + " " + seconds(arm.deadlineNanos());
        } else if (effect instanceof Effect.LimitsReached full) {
            return " | full " + full.messages() + "/" + full.maxMessages() + " " + full.bytes() + "/" + full.maxBytes();
        } else if (effect instanceof Effect.ChannelCreated || effect instanceof Effect.TrimUnfinished) {
            return "";
        }
        throw new AssertionError(effect);
    }

    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos - BEGIN, 9).stripTrailingZeros().toPlainString() + "s";
    }

    private static String range(long first, long last) {
        return first == last ? "" + first : first + ".." + last;
    }

    private String show(String name) {
        Channel channel = state.channel(name);
        if (channel == null) {
            return "none";
        }
        String messages = channel.first() > channel.last() ? "empty, next " + channel.first() : "";
        String text = (messages.isEmpty() ? range(channel.first(), channel.last()) : messages) + ", " + channel.bytes()
                + " bytes";
        for (Subscription sub : channel.subscriptions()) {
            String standing = sub.isOnline() ? (sub.isStarted() ? "" : " paused") : " offline";
            text += " | sub=" + sub.id() + standing + " sent=" + sub.lastSent() + " pending="
                    + sub.pending().ranges().stream().map(Scenario::range).collect(Collectors.joining(","));
        }
        for (QueueGroup group : channel.groups()) {
            text += " | group " + group.name() + " of "
                    + group.members().stream().map(m -> "" + m.id()).collect(Collectors.joining(","));
        }
        return text;
    }

    private static String range(Pending.Range range) {
        return range(range.first(), range.last());
    }
}
