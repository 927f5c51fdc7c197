package io.stanchion.raftsm;

import com.google.protobuf.ByteString;
import io.stanchion.proto.record.SessionRecord;
import io.stanchion.raftsm.command.Ack;
import io.stanchion.raftsm.command.Append;
import io.stanchion.raftsm.command.CloseSession;
import io.stanchion.raftsm.command.CloseSubscription;
import io.stanchion.raftsm.command.Command;
import io.stanchion.raftsm.command.CompareDigests;
import io.stanchion.raftsm.command.Configure;
import io.stanchion.raftsm.command.DeleteChannel;
import io.stanchion.raftsm.command.ExpireAcks;
import io.stanchion.raftsm.command.Heartbeat;
import io.stanchion.raftsm.command.OpenSession;
import io.stanchion.raftsm.command.PingSession;
import io.stanchion.raftsm.command.Redeliver;
import io.stanchion.raftsm.command.StartDelivery;
import io.stanchion.raftsm.command.Subscribe;
import io.stanchion.raftsm.command.TakeOver;
import io.stanchion.raftsm.command.Tick;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.ChannelLimits;
import io.stanchion.raftsm.model.ChannelPattern;
import io.stanchion.raftsm.model.ClientSession;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.Leaving;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Options;
import io.stanchion.raftsm.model.Pending;
import io.stanchion.raftsm.model.SequenceRanges;
import io.stanchion.raftsm.model.Settings;
import io.stanchion.raftsm.model.Start;
import io.stanchion.raftsm.model.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Draws commands that mostly make sense to the machine as it stands, and sometimes do not. */
final class CommandGenerator {
    private static final List<String> CHANNELS =
            List.of("orders", "orders", "orders", "bills", "bills", "Orders", "mail");
    private static final List<String> PATTERNS = List.of("orders", "*", ">", "Orders", "*.x", "mail");
    private static final List<String> CLIENTS = List.of("alice", "bob", "carol");

    private final SplittableRandom random;
    private int ackInboxes;

    CommandGenerator(SplittableRandom random) {
        this.random = random;
    }

    Command next(MachineState state) {
        int dice = random.nextInt(100);
        if (dice < 30) {
            return append();
        } else if (dice < 52) {
            return ack(state);
        } else if (dice < 62) {
            return subscribe();
        } else if (dice < 70) {
            return new StartDelivery(subscriptionId(state));
        } else if (dice < 76) {
            return new ExpireAcks(subscriptionId(state));
        } else if (dice < 78) {
            return new Redeliver(subscriptionId(state), state.clockNanos() - random.nextLong(20) * 1_000_000_000L);
        } else if (dice < 83) {
            return closeSubscription(state);
        } else if (dice < 89) {
            return openSession(state);
        } else if (dice < 91) {
            return new CloseSession(pick(CLIENTS));
        } else if (dice < 95) {
            return heartbeat(state);
        } else if (dice < 96) {
            return new PingSession(connId(pick(CLIENTS)));
        } else if (dice < 98) {
            return new TakeOver(random.nextInt(5));
        }
        return switch (random.nextInt(6)) {
            case 0 -> new Tick();
            case 1 -> configure();
            case 2 -> new CompareDigests(Digest.VERSION, CLIENTS, random.nextInt(3) == 0);
            case 3 -> new CompareDigests(Digest.VERSION + 1, CLIENTS, false);
            default -> delete(state);
        };
    }

    private Append append() {
        List<Append.Publisher> publishers = new ArrayList<>();
        int total = 0;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            String client = random.nextInt(12) == 0 ? "mallory" : pick(CLIENTS);
            ByteString connId = random.nextInt(4) == 0 ? connId(client) : ByteString.EMPTY;
            int count = random.nextInt(1, random.nextInt(10) == 0 ? 20 : 4);
            publishers.add(new Append.Publisher(connId, client, count));
            total += count;
        }
        return new Append(pick(CHANNELS), publishers, Script.records(total, random.nextInt(2, 30)));
    }

    private Ack ack(MachineState state) {
        List<Subscription> online = online(state);
        if (online.isEmpty()) {
            return new Ack("ack." + random.nextInt(1 + ackInboxes), SequenceRanges.of(1, 5));
        }
        Subscription sub = pick(online);
        List<Long> pairs = new ArrayList<>();
        long behind = 0;
        for (Pending.Range range : pick(online(state)).pending().ranges()) {
            if (random.nextBoolean() && range.first() > behind) {
                long first = random.nextLong(range.first(), range.last() + 1);
                long more = random.nextInt(6) == 0 ? random.nextLong(9) : random.nextLong(range.last() - first + 1);
                pairs.add(first);
                pairs.add(more);
                behind = first + more;
            }
        }
        // Now and then of another member, or of an earlier life.
        if (random.nextInt(8) == 0) {
            return new Ack("ack." + random.nextInt(1 + ackInboxes), SequenceRanges.fromPairs(pairs));
        }
        return random.nextInt(3) == 0
                ? new Ack(sub.ackInbox(), SequenceRanges.fromPairs(pairs))
                : new Ack(sub.ackInbox(), own(sub));
    }

    private SequenceRanges own(Subscription sub) {
        List<Pending.Range> ranges = sub.pending().ranges();
        if (ranges.isEmpty()) {
            return SequenceRanges.of(1, random.nextLong(1, 9));
        }
        long first = ranges.get(random.nextInt(ranges.size())).first();
        return SequenceRanges.of(first, first + random.nextLong(8));
    }

    private Subscribe subscribe() {
        String queueGroup = random.nextInt(3) == 0 ? "" : random.nextInt(9) == 0 ? "d:g" : "g";
        String durable = random.nextInt(5) < 2 ? "" : random.nextInt(10) == 0 ? "x:y" : "d";
        String ackInbox = "ack." + (random.nextInt(40) == 0 ? random.nextInt(1 + ackInboxes) : ++ackInboxes);
        int window = random.nextInt(4) == 0 ? random.nextInt(50) : random.nextInt(1, 5);
        Options options = new Options(
                "in." + random.nextInt(3), ackInbox, window, random.nextInt(12) == 0 ? -1500 : random.nextInt(1, 9));
        long sequence = random.nextInt(20) == 0 ? -1 : random.nextLong(30);
        Start start = new Start(random.nextInt(5), sequence, random.nextLong(-5, 60) * 1_000_000_000L);
        String replaces = random.nextInt(4) > 0 ? "" : "ack." + random.nextInt(1 + ackInboxes);
        return new Subscribe(pick(CLIENTS), pick(CHANNELS), queueGroup, durable, options, start, replaces);
    }

    private CloseSubscription closeSubscription(MachineState state) {
        List<Subscription> online = online(state);
        Leaving why = random.nextInt(3) == 0 ? Leaving.UNSUBSCRIBE : Leaving.CLOSE;
        if (online.isEmpty() || random.nextInt(8) == 0) {
            return new CloseSubscription(pick(CLIENTS), pick(CHANNELS), "in." + random.nextInt(3), why);
        }
        Subscription sub = pick(online);
        return new CloseSubscription(sub.clientId(), sub.channel().name(), sub.ackInbox(), why);
    }

    private OpenSession openSession(MachineState state) {
        String client = pick(CLIENTS);
        ClientSession registered = state.session(client);
        SessionRecord session = SessionRecord.newBuilder()
                .setClientId(client)
                .setHeartbeatInbox("hb." + client)
                .setConnId(connId(random.nextInt(5) == 0 ? pick(CLIENTS) : client))
                .build();
        boolean replace = registered != null && random.nextInt(3) == 0;
        return new OpenSession(session, replace ? registered.number() : random.nextInt(3));
    }

    private Heartbeat heartbeat(MachineState state) {
        String client = pick(CLIENTS);
        ClientSession session = state.session(client);
        return new Heartbeat(client, session == null ? 1 : session.number(), random.nextInt(3) == 0);
    }

    private Configure configure() {
        TreeMap<ChannelPattern, ChannelLimits> special = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            special.put(ChannelPattern.of(pick(PATTERNS)), limits());
        }
        Settings settings = new Settings(
                random.nextInt(3) * 3L,
                limits(),
                special,
                random.nextInt(1, 6),
                random.nextBoolean(),
                random.nextBoolean());
        return new Configure(settings, random.nextInt(5));
    }

    private ChannelLimits limits() {
        return new ChannelLimits(
                random.nextInt(3) * 4L,
                random.nextInt(4) * 7L,
                random.nextInt(4) * 80L,
                random.nextInt(4) * 9_000_000_000L,
                random.nextInt(3) * 5_000_000_000L);
    }

    private DeleteChannel delete(MachineState state) {
        Channel channel = state.channel(pick(CHANNELS));
        return channel == null || random.nextInt(5) == 0
                ? new DeleteChannel(pick(CHANNELS), random.nextInt(5))
                : new DeleteChannel(channel.name(), channel.id());
    }

    private long subscriptionId(MachineState state) {
        List<Subscription> online = online(state);
        return online.isEmpty() || random.nextInt(20) == 0
                ? random.nextInt(20)
                : pick(online).id();
    }

    private static List<Subscription> online(MachineState state) {
        List<Subscription> online = new ArrayList<>();
        for (Channel channel : state.channels()) {
            channel.subscriptions().stream().filter(Subscription::isOnline).forEach(online::add);
        }
        return online;
    }

    private static ByteString connId(String client) {
        return ByteString.copyFromUtf8("conn-" + client);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
