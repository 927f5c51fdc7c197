package io.stanchion.raftsm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.command.Ack;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.command.Command;
import io.stanchion.raftsm.command.CommandCodec;
import io.stanchion.raftsm.command.Outcome;
import io.stanchion.raftsm.command.StartDelivery;
import io.stanchion.raftsm.command.TakeOver;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.Observation;
import io.stanchion.raftsm.model.Observation.DigestTaken;
import io.stanchion.raftsm.model.SequenceRanges;
import io.stanchion.raftsm.model.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One seed's life: batches of three gateways, with repetitions, gaps and rebirths, applied by three replicas and judged by an oracle. */
final class Simulation {
    private static final int STEPS = 100;

    private final SplittableRandom random;
    private final CommandGenerator generator;
    private final Oracle oracle = new Oracle();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Gateway> gateways = List.of(new Gateway("a"), new Gateway("b"), new Gateway("c"));
    private long now = 1_000_000_000_000L;
    private long term = 1;
    private long ledTerm;
    private long index;

    private static final class Gateway {
        final String name;
        long incarnation = 1;
        long number;
        Batch last = Batch.getDefaultInstance();
        byte[] lastReply = {};

        Gateway(String name) {
            this.name = name;
        }
    }

    Simulation(long seed) {
        random = new SplittableRandom(seed);
        generator = new CommandGenerator(random.split());
        for (int i = 0; i < 3; i++) {
            replicas.add(new Replica(random.split()));
        }
    }

    void run() {
        takeOver();
        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(5) == 0 ? random.nextLong(-1_000_000_000L, 4_000_000_000L) : random.nextLong(1000);
            now += random.nextInt(40) == 0 ? 20_000_000_000L : 0;
            if (random.nextInt(15) == 0) {
                term += random.nextInt(1, 3);
            } else if (ledTerm != term && random.nextInt(4) == 0) {
                takeOver();
            }
            switch (random.nextInt(20)) {
                case 0 -> repeat(gateway());
                case 1 -> skip(gateway());
                case 2 -> rebirth(gateway());
                default -> submit(draw());
            }
        }
        settleEverything();
    }

    private void takeOver() {
        ledTerm = term;
        submit(List.of(new TakeOver(term)));
    }

    private Gateway gateway() {
        return gateways.get(random.nextInt(gateways.size()));
    }

    /** Each command suits the machine as it was before the batch, more or less the others in it too. */
    private List<Command> draw() {
        List<Command> commands = new ArrayList<>();
        for (int i = random.nextInt(3) == 0 ? random.nextInt(1, 8) : 1; i > 0; i--) {
            commands.add(generator.next(oracle.state()));
        }
        return commands;
    }

    private void submit(List<Command> commands) {
        Gateway gateway = gateway();
        Batch.Builder batch = Batch.newBuilder()
                .setGateway(gateway.name)
                .setIncarnation(gateway.incarnation)
                .setNumber(++gateway.number)
                .setTimeNanos(now);
        commands.forEach(command -> batch.addCommands(CommandCodec.encode(command)));
        gateway.last = batch.build();
        assertThat(BatchApplier.check(gateway.last)).isEmpty();
        BatchApplier.Result result = replicate(gateway.last);
        gateway.lastReply = result.reply().toByteArray();
        judge(commands, result);
    }

    private void judge(List<Command> commands, BatchApplier.Result result) {
        List<Effect> effects = new ArrayList<>();
        List<ReplyProto> replies = new ArrayList<>();
        for (Command command : commands) {
            Outcome outcome = oracle.apply(command, term, index, now);
            replies.add(outcome.reply());
            effects.addAll(outcome.effects());
        }
        assertThat(result.effects()).isEqualTo(effects);
        assertThat(parse(result.reply().toByteArray()).getRepliesList()).isEqualTo(replies);
    }

    private BatchApplier.Result replicate(Batch batch) {
        index++;
        List<BatchApplier.Result> results = new ArrayList<>();
        replicas.forEach(replica -> results.add(replica.apply(term, index, batch)));
        for (int i = 1; i < replicas.size(); i++) {
            assertThat(results.get(i)).isEqualTo(results.get(0));
            assertThat(replicas.get(i).digest())
                    .as("digest of replica %d", i)
                    .isEqualTo(replicas.get(0).digest());
        }
        compareObservations();
        return results.get(0);
    }

    /** The count of changes is each replica's own. */
    private void compareObservations() {
        List<List<Observation>> observed = new ArrayList<>();
        replicas.forEach(replica -> observed.add(replica.observations().stream()
                .map(observation -> observation instanceof DigestTaken taken
                        ? new DigestTaken(taken.round(), taken.members(), taken.digest(), 0)
                        : observation)
                .toList()));
        assertThat(observed).containsOnly(observed.get(0));
    }

    private void repeat(Gateway gateway) {
        if (gateway.last.getNumber() > 0) {
            BatchApplier.Result result =
                    replicate(gateway.last.toBuilder().setTimeNanos(now).build());
            assertThat(result.reply().toByteArray()).isEqualTo(gateway.lastReply);
            assertThat(result.effects()).isEmpty();
            passTime();
        }
    }

    private void skip(Gateway gateway) {
        Batch early = Batch.newBuilder()
                .setGateway(gateway.name)
                .setIncarnation(gateway.incarnation)
                .setNumber(gateway.number + 2)
                .setTimeNanos(now)
                .addCommands(CommandCodec.encode(generator.next(oracle.state())))
                .build();
        BatchReply reply = parse(replicate(early).reply().toByteArray());
        assertThat(reply.getExpectedNumber()).isEqualTo(gateway.number + 1);
        passTime();
    }

    private void rebirth(Gateway gateway) {
        Batch before = gateway.last;
        gateway.incarnation++;
        gateway.number = 0;
        gateway.last = Batch.getDefaultInstance();
        if (before.getNumber() > 0) {
            Batch newborn = before.toBuilder()
                    .setIncarnation(gateway.incarnation)
                    .setNumber(++gateway.number)
                    .setTimeNanos(now)
                    .clearCommands()
                    .build();
            gateway.lastReply = replicate(newborn).reply().toByteArray();
            gateway.last = newborn;
            BatchReply late =
                    parse(replicate(before.toBuilder().setTimeNanos(now).build())
                            .reply()
                            .toByteArray());
            assertThat(late.getSuperseded()).isTrue();
            passTime();
        }
    }

    /** The replicas' clocks moved with an entry that the oracle does not see. */
    private void passTime() {
        oracle.passTime(term, now);
    }

    /** A leader that stays, and subscribers that acknowledge: in the end everybody online has everything, and nothing is pending. */
    private void settleEverything() {
        term++;
        takeOver();
        int rounds = 0;
        while (true) {
            List<Command> commands = new ArrayList<>();
            for (Channel channel : oracle.state().channels()) {
                channel.subscriptions().stream().filter(Subscription::isOnline).forEach(sub -> finish(sub, commands));
            }
            if (commands.isEmpty()) {
                break;
            }
            submit(commands);
            assertThat(++rounds).as("rounds of acks").isLessThan(1000);
        }
        for (Channel channel : oracle.state().channels()) {
            for (Subscription sub : channel.subscriptions()) {
                assertThat(!sub.isOnline() || sub.lastSent() >= channel.last() || channel.first() > channel.last())
                        .as("sub %d of %s has sent %d", sub.id(), channel.name(), sub.lastSent())
                        .isTrue();
            }
        }
    }

    private static void finish(Subscription sub, List<Command> commands) {
        if (!sub.isStarted()) {
            commands.add(new StartDelivery(sub.id()));
        } else if (!sub.pending().isEmpty()) {
            commands.add(new Ack(sub.ackInbox(), SequenceRanges.of(1, sub.lastSent())));
        }
    }

    private static BatchReply parse(byte[] bytes) {
        try {
            return BatchReply.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
