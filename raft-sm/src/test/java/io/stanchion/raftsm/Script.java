package io.stanchion.raftsm;

import com.google.protobuf.ByteString;
import io.stanchion.proto.record.SessionRecord;
import io.stanchion.raftsm.command.Ack;
import io.stanchion.raftsm.command.Append;
import io.stanchion.raftsm.command.CloseSession;
import io.stanchion.raftsm.command.CloseSubscription;
import io.stanchion.raftsm.command.Command;
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
import io.stanchion.raftsm.model.ChannelLimits;
import io.stanchion.raftsm.model.ChannelPattern;
import io.stanchion.raftsm.model.Leaving;
import io.stanchion.raftsm.model.Options;
import io.stanchion.raftsm.model.SequenceRanges;
import io.stanchion.raftsm.model.Settings;
import io.stanchion.raftsm.model.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The words of a scenario, read as commands. A line is a verb, names, and {@code key=value} pairs:
 *
 * <pre>
 * configure max-messages=3 replace-durable=true orders.*:max-messages=5
 * connect alice conn=c1 replaces=1           a session; its heartbeat inbox is hb.alice
 * publish bob*2,conn:c1 orders size=10       one run: two messages of bob, one of the session with connection ID c1
 * subscribe alice orders durable=d group=g max-in-flight=1 ack-wait=30s start=seq:5 inbox=i paused
 *                                            answered and started, unless paused; the n-th ack inbox is ack.n
 * start 1 / expire 1                         subscription 1
 * ack 1 1..3,5                               on the last ack inbox of subscription 1, or on the one that is named
 * close alice / close alice orders ack.1 / unsubscribe alice orders ack.1
 * missed alice 1 / answered alice 1 / ping c1 / tick
 * takeover / takeover of-term=1              proposed by the leader of term 1; configure has it, too
 * delete orders 1                            channel 1, if it has been idle for too long
 * </pre>
 */
final class Script {
    private final Map<String, String> ackInboxes = new TreeMap<>();
    private int subscribes;

    Command read(String line) {
        List<String> words = List.of(line.trim().split("\\s+"));
        Map<String, String> options = new TreeMap<>();
        List<String> names = new ArrayList<>();
        for (String word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                options.put(word.substring(0, equals), word.substring(equals + 1));
            } else {
                names.add(word);
            }
        }
        return switch (words.get(0)) {
            case "configure" -> configure(options);
            case "connect" -> connect(names.get(0), options);
            case "publish" -> publish(names.get(0), names.get(1), options);
            case "subscribe" -> subscribe(names, options);
            case "start" -> new StartDelivery(Long.parseLong(names.get(0)));
            case "redeliver" ->
                new Redeliver(
                        Long.parseLong(names.get(0)),
                        Scenario.BEGIN + nanos(options.getOrDefault("present-until", "0s")));
            case "expire" -> new ExpireAcks(Long.parseLong(names.get(0)));
            case "ack" -> new Ack(ackInboxes.getOrDefault(names.get(0), names.get(0)), ranges(names.get(1)));
            case "close" -> names.size() == 1 ? new CloseSession(names.get(0)) : closing(names, Leaving.CLOSE);
            case "unsubscribe" -> closing(names, Leaving.UNSUBSCRIBE);
            case "missed" -> new Heartbeat(names.get(0), Long.parseLong(names.get(1)), false);
            case "answered" -> new Heartbeat(names.get(0), Long.parseLong(names.get(1)), true);
            case "ping" -> new PingSession(ByteString.copyFromUtf8(names.get(0)));
            case "takeover" -> new TakeOver(number(options, "of-term", 0));
            case "tick" -> new Tick();
            case "delete" -> new DeleteChannel(names.get(0), Long.parseLong(names.get(1)));
            default -> throw new IllegalArgumentException("what is " + line + "?");
        };
    }

    /** Remembers where subscription {@code id} acknowledges, once the machine has said its number. */
    void subscribed(long id) {
        ackInboxes.put(Long.toString(id), "ack." + subscribes);
    }

    /** {@code orders.*:max-messages=3} is for channels that this pattern stands for. */
    private static Configure configure(Map<String, String> options) {
        TreeMap<ChannelPattern, ChannelLimits> special = new TreeMap<>();
        options.keySet().stream().filter(key -> key.contains(":")).forEach(key -> {
            String pattern = key.substring(0, key.indexOf(':'));
            special.put(ChannelPattern.of(pattern), limits(options, pattern + ":"));
        });
        Settings settings = new Settings(
                number(options, "max-channels", 0),
                limits(options, ""),
                special,
                (int) number(options, "fail-count", 10),
                options.containsKey("replace-durable"),
                options.containsKey("ack-wait-millis"));
        return new Configure(settings, number(options, "of-term", 0));
    }

    private static ChannelLimits limits(Map<String, String> options, String prefix) {
        return new ChannelLimits(
                number(options, prefix + "max-subs", 0),
                number(options, prefix + "max-messages", 0),
                number(options, prefix + "max-bytes", 0),
                nanos(options.getOrDefault(prefix + "max-age", "0s")),
                nanos(options.getOrDefault(prefix + "max-inactivity", "0s")));
    }

    private static OpenSession connect(String client, Map<String, String> options) {
        SessionRecord session = SessionRecord.newBuilder()
                .setClientId(client)
                .setHeartbeatInbox("hb." + client)
                .setProtocol(1)
                .setConnId(ByteString.copyFromUtf8(options.getOrDefault("conn", "conn-" + client)))
                .build();
        return new OpenSession(session, number(options, "replaces", 0));
    }

    private static Append publish(String publishers, String channel, Map<String, String> options) {
        List<Append.Publisher> list = new ArrayList<>();
        int total = 0;
        for (String publisher : publishers.split(",", -1)) {
            int star = publisher.indexOf('*');
            int count = star < 0 ? 1 : Integer.parseInt(publisher.substring(star + 1));
            String name = star < 0 ? publisher : publisher.substring(0, star);
            ByteString connId = ByteString.copyFromUtf8(name.startsWith("conn:") ? name.substring(5) : "");
            list.add(new Append.Publisher(connId, name, count));
            total += count;
        }
        return new Append(channel, list, records(total, (int) number(options, "size", 5)));
    }

    /** @param size of each record with its length */
    static ByteString records(int count, int size) {
        byte[] record = new byte[size];
        record[0] = (byte) (size - 1);
        List<ByteString> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            record[size - 1] = (byte) i;
            records.add(ByteString.copyFrom(record));
        }
        return ByteString.copyFrom(records);
    }

    private Command subscribe(List<String> names, Map<String, String> options) {
        String client = names.get(0).equals("nobody") ? "" : names.get(0);
        String ackInbox = options.getOrDefault("ack-inbox", "ack." + ++subscribes);
        Options wanted = new Options(
                options.getOrDefault("inbox", "in." + client),
                ackInbox,
                (int) number(options, "max-in-flight", 100),
                ackWait(options.getOrDefault("ack-wait", "30s")));
        return new Subscribe(
                client,
                names.get(1),
                options.getOrDefault("group", ""),
                options.getOrDefault("durable", ""),
                wanted,
                start(options.getOrDefault("start", "new")),
                options.getOrDefault("replaces", ""));
    }

    private static int ackWait(String text) {
        long nanos = nanos(text);
        return (int) (text.endsWith("ms") ? -nanos / 1_000_000L : nanos / 1_000_000_000L);
    }

    private static Start start(String text) {
        int colon = text.indexOf(':');
        String argument = text.substring(colon + 1);
        return switch (colon < 0 ? text : text.substring(0, colon)) {
            case "new" -> new Start(0, 0, 0);
            case "last" -> new Start(1, 0, 0);
            case "ago" -> new Start(2, 0, nanos(argument));
            case "seq" -> new Start(3, Long.parseUnsignedLong(argument), 0);
            case "first" -> new Start(4, 0, 0);
            default -> new Start(Integer.parseInt(text), 0, 0);
        };
    }

    private static CloseSubscription closing(List<String> names, Leaving why) {
        return new CloseSubscription(names.get(0), names.get(1), names.get(2), why);
    }

    private static SequenceRanges ranges(String text) {
        List<Long> pairs = new ArrayList<>();
        for (String range : text.split(",", -1)) {
            int dots = range.indexOf("..");
            long first = Long.parseLong(dots < 0 ? range : range.substring(0, dots));
            pairs.add(first);
            pairs.add(dots < 0 ? 0 : Long.parseLong(range.substring(dots + 2)) - first);
        }
        return SequenceRanges.fromPairs(pairs);
    }

    private static long number(Map<String, String> options, String key, long otherwise) {
        String value = options.get(key);
        return value == null ? otherwise : Long.parseLong(value);
    }

    /** {@code 30s} or {@code 500ms}. */
    static long nanos(String text) {
        return text.endsWith("ms")
                ? Long.parseLong(text.substring(0, text.length() - 2)) * 1_000_000L
                : Long.parseLong(text.substring(0, text.length() - 1)) * 1_000_000_000L;
    }
}
