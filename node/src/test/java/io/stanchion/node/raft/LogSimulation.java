package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.command.ReplyProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One seed's life of a gateway's log. What it was given is compared with what the machine has done and what the givers were told. */
final class LogSimulation {
    private static final long MILLI = 1_000_000L;
    private static final int ITEMS = 150;
    private static final List<String> CLIENTS = List.of("me", "you", "they");
    private static final List<String> CHANNELS = List.of("orders", "invoices");
    private static final String OPENED = "opened";
    private static final String TAKEN = "taken";

    private final SplittableRandom random;
    final FaultyCluster cluster;
    private final RatisLog log;
    private final LogSettings settings;

    /** Nothing is ever refused, so everything must be applied. */
    private final boolean isPatient;

    private final List<Item> items = new ArrayList<>();
    private final List<Long> acks = new ArrayList<>();
    private final List<Item> inOrderOfAnswers = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();

    private enum Kind {
        PUBLISH,
        OPEN,
        CLOSE
    }

    /** Something that is answered. */
    private record Item(int number, Kind kind, String client, String channel, List<String> answers) {
        String text() {
            return channel + " " + number;
        }

        boolean isRefusedForCertain() {
            return answers.contains(RatisLog.NO_LEADER);
        }
    }

    LogSimulation(long seed) {
        random = new SplittableRandom(seed);
        cluster = new FaultyCluster(random.split());
        isPatient = random.nextBoolean();
        settings = new LogSettings(
                random.nextInt(100, 1_000),
                random.nextInt(1, 12),
                random.nextInt(1, LogSettings.BATCHES_IN_FLIGHT_LIMIT + 1),
                random.nextInt(500, 5_000),
                isPatient ? Integer.MAX_VALUE : LogSettings.DEFAULTS.parkedMillisMax());
        log = new RatisLog(
                "a", new TestIncarnation(1), settings, cluster, cluster::now, (what, fault) -> faults.add(fault));
    }

    void run() {
        while (items.size() < ITEMS) {
            if (!log.isSaturated()) {
                for (int burst = random.nextInt(8); burst > 0; burst--) {
                    hand();
                }
            }
            live();
        }
        cluster.heal();
        for (int step = 0; log.parkedBytes() > 0; step++) {
            assertThat(step)
                    .as("steps, with %d bytes unanswered", log.parkedBytes())
                    .isLessThan(20_000);
            live();
        }
        judge();
    }

    private void hand() {
        if (random.nextInt(4) == 0) {
            acks.add((long) random.nextInt(20) + 20L * acks.size());
            log.ack("_INBOX.stan-ack-c.s", acks.get(acks.size() - 1));
            return;
        }
        String client = CLIENTS.get(random.nextInt(CLIENTS.size()));
        String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
        Kind kind = switch (random.nextInt(10)) {
            case 0, 1 -> Kind.OPEN;
            case 2 -> Kind.CLOSE;
            default -> Kind.PUBLISH;
        };
        Item item = new Item(items.size(), kind, client, channel, new ArrayList<>());
        items.add(item);
        switch (kind) {
            case OPEN -> log.append(Commands.openSession(client), answer(item));
            case CLOSE -> log.append(Commands.closeSession(client), answer(item));
            case PUBLISH -> publish(item);
        }
    }

    private Consumer<ReplyProto> answer(Item item) {
        return reply -> {
            String well = item.kind == Kind.CLOSE ? "" : reply.hasOpenSession() ? TAKEN : OPENED;
            item.answers.add(reply.getError().isEmpty() ? well : reply.getError());
            inOrderOfAnswers.add(item);
        };
    }

    private void publish(Item item) {
        TestPublication[] self = new TestPublication[1];
        self[0] = new TestPublication(item.channel, item.client, item.text(), () -> {
            item.answers.add(self[0].answers.get(self[0].answers.size() - 1));
            inOrderOfAnswers.add(item);
        });
        log.publish(self[0]);
    }

    private void live() {
        for (int turns = 0; log.turn(); turns++) {
            assertThat(turns).as("turns without time passing").isLessThan(1_000);
        }
        assertThat(log.parkedBytes()).isLessThan(settings.parkedBytesMax() + 8 * 200);
        cluster.advance(random.nextLong(random.nextInt(100) == 0 ? 3_000 * MILLI : 10 * MILLI));
    }

    // What must be true in the end

    private void judge() {
        assertThat(faults).isEmpty();
        assertThat(log.isSaturated()).isFalse();
        assertThat(items)
                .as("one answer each")
                .allSatisfy(item -> assertThat(item.answers).hasSize(1));
        List<Item> applied =
                items.stream().filter(item -> !item.isRefusedForCertain()).toList();
        assertAnswersAreThoseOfASingleThread(applied);
        assertThat(inOrderOfAnswers.stream().filter(item -> !item.isRefusedForCertain() && item.kind != Kind.PUBLISH))
                .as("commands are answered in order")
                .isEqualTo(applied.stream()
                        .filter(item -> item.kind != Kind.PUBLISH)
                        .toList());
        for (String channel : CHANNELS) {
            assertChannel(channel, applied);
        }
        assertThat(cluster.applied.settled).as("acks").doesNotHaveDuplicates().isSubsetOf(acks);
        if (isPatient) {
            assertThat(refused()).as("refused").isZero();
            assertThat(cluster.applied.settled).containsExactlyInAnyOrderElementsOf(acks);
        }
    }

    /** The clients hear what they would hear if each item had been applied when it was given, one after the other. */
    private static void assertAnswersAreThoseOfASingleThread(List<Item> applied) {
        Set<String> sessions = new HashSet<>();
        for (Item item : applied) {
            String expected = switch (item.kind) {
                case OPEN -> sessions.add(item.client) ? OPENED : TAKEN;
                case CLOSE -> sessions.remove(item.client) ? "" : "stan: unknown clientID";
                case PUBLISH ->
                    sessions.contains(item.client) ? TestPublication.STORED : "stan: invalid publish request";
            };
            assertThat(item.answers).as("%s", item).containsExactly(expected);
        }
    }

    private void assertChannel(String channel, List<Item> applied) {
        List<String> stored = texts(applied, channel);
        assertThat(cluster.applied.stored.stream().filter(text -> text.startsWith(channel + " ")))
                .as("messages of %s", channel)
                .containsExactlyElementsOf(stored);
        assertThat(texts(inOrderOfAnswers, channel))
                .as("acknowledged of %s", channel)
                .isEqualTo(stored);
    }

    private static List<String> texts(List<Item> items, String channel) {
        return items.stream()
                .filter(item -> item.channel.equals(channel) && item.answers.contains(TestPublication.STORED))
                .map(Item::text)
                .toList();
    }

    long refused() {
        return items.stream().filter(Item::isRefusedForCertain).count();
    }
}
