package io.stanchion.chaos.workload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What one client process does, told to it as arguments.
 *
 * @param number of the process among those of a run; decides what it is like
 * @param urls servers in order of preference
 * @param perSecond publishes of the process in a second, all writers together
 * @param patienceSeconds how long a publish waits for its acknowledgement, and a request for its answer
 */
public record ClientPlan(
        int number,
        String clusterId,
        List<String> urls,
        Path historyFile,
        long seed,
        int perSecond,
        int patienceSeconds) {
    /** In the process with the number 0 there is a client of bad manners, too. */
    public static final String ODD = "odd";

    /** Channels of the workload; the last one gets most of the messages, and so comes to the limit of their number. */
    public static final List<String> CHANNELS = List.of("orders", "events", "heavy", "aged", "small");

    /** How many client processes a run has. */
    public static final int PROCESSES = 3;

    private static final int ACK_WAIT_SECONDS = 2;

    public ClientPlan {
        urls = List.copyOf(urls);
    }

    public String name() {
        return "client-" + number;
    }

    Duration patience() {
        return Duration.ofSeconds(patienceSeconds);
    }

    List<String> toArguments() {
        return List.of(
                Integer.toString(number),
                clusterId,
                String.join(",", urls),
                historyFile.toString(),
                Long.toString(seed),
                Integer.toString(perSecond),
                Integer.toString(patienceSeconds));
    }

    static ClientPlan fromArguments(String[] args) {
        return new ClientPlan(
                Integer.parseInt(args[0]),
                args[1],
                List.of(args[2].split(",", -1)),
                Path.of(args[3]),
                Long.parseLong(args[4]),
                Integer.parseInt(args[5]),
                Integer.parseInt(args[6]));
    }

    /** Those who stay for the whole run. Numbers are drawn, kinds are not: each run has durables, groups and plain ones. */
    List<SubscriberPlan> residents() {
        Random random = new Random(seed);
        List<SubscriberPlan> plans = new ArrayList<>();
        String channel = CHANNELS.get(number % 2);
        plans.add(new SubscriberPlan(
                name() + "-durable",
                channel,
                "d" + number,
                "",
                SubscriberPlan.Start.ALL,
                8 + random.nextInt(120),
                ACK_WAIT_SECONDS,
                random.nextInt(4)));
        plans.add(new SubscriberPlan(
                name() + "-member",
                "orders",
                "workers",
                "pool",
                SubscriberPlan.Start.ALL,
                16,
                ACK_WAIT_SECONDS,
                random.nextInt(3)));
        plans.add(new SubscriberPlan(
                name() + "-plain",
                CHANNELS.get((number + 1) % 2),
                "",
                "",
                number % 2 == 0 ? SubscriberPlan.Start.ALL : SubscriberPlan.Start.SEQUENCE,
                1 + random.nextInt(64),
                ACK_WAIT_SECONDS,
                0));
        plans.add(new SubscriberPlan(
                name() + "-crew",
                "events",
                "",
                "crew",
                SubscriberPlan.Start.NEW,
                16,
                ACK_WAIT_SECONDS,
                random.nextInt(3)));
        return plans;
    }

    /**
     * Somebody who comes for a while; the round decides where he starts to read.
     *
     * @param generation of durables: one that may not have been closed is still in use, as far as anybody knows
     */
    SubscriberPlan visitor(int round, int generation) {
        SubscriberPlan.Start[] starts = SubscriberPlan.Start.values();
        return new SubscriberPlan(
                name() + "-visitor-" + round,
                CHANNELS.get(round % CHANNELS.size()),
                round % 2 == 0 ? "v" + number + "-" + generation : "",
                "",
                starts[(round + round / CHANNELS.size()) % starts.length],
                32,
                ACK_WAIT_SECONDS,
                5);
    }
}
