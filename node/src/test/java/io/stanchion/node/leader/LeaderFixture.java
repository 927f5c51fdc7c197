package io.stanchion.node.leader;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Requests;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.stan.Publication;
import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.command.SettingsProto;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.store.MessageReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A term that the test drives by hand: its time, its log, its store; on a real router. */
final class LeaderFixture implements ReplicatedLog, MessageReader {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final long TERM = 7;
    private static final long AWAKE_NANOS = 100 * MILLI;
    static final int INTERVAL_MILLIS = 30_000;
    static final int TIMEOUT_MILLIS = 10_000;
    static final int ELECTION_MILLIS = 300;
    static final long SLEEP_NANOS_MAX = 125 * MILLI;

    final Router router = new Router();
    final StanCounters counters = new StanCounters();
    final List<Runnable> requestTimers = new ArrayList<>();
    final List<CommandProto> proposed = new CopyOnWriteArrayList<>();
    final Queue<Consumer<ReplyProto>> unanswered = new ArrayDeque<>();
    final Map<Long, ByteString> records = new HashMap<>();
    final List<String> reads = new ArrayList<>();
    final List<Throwable> faults = new ArrayList<>();
    final LeaderTerm term;
    long timestampNanos = 1_700_000_000_000_000_123L;
    private long suspendedMillis;
    private long nowNanos = 1_000_000_000_000_000_000L;

    LeaderFixture() {
        this(SettingsProto.newBuilder().setHeartbeatFailCount(10).build(), 100);
    }

    LeaderFixture(SettingsProto machine, int requestsMax) {
        term = new LeaderTerm(TERM, settings(machine), ports(requestsMax));
    }

    LeaderSettings settings(SettingsProto machine) {
        return LeaderSettings.of(machine, INTERVAL_MILLIS, TIMEOUT_MILLIS, ELECTION_MILLIS);
    }

    LeaderPorts ports(int requestsMax) {
        Requests requests = new Requests(
                router,
                (delayMillis, task) -> {
                    requestTimers.add(task);
                    return () -> requestTimers.remove(task);
                },
                requestsMax);
        Clocks clocks = new Clocks(() -> nowNanos, () -> nowNanos, () -> nowNanos / MILLI + suspendedMillis);
        return new LeaderPorts(
                router, requests, this, this, counters, clocks, id -> "", (what, cause) -> faults.add(cause));
    }

    long now() {
        return nowNanos;
    }

    /** Time passes, and the term does all there is to do. */
    void pass(long nanos) {
        long end = nowNanos + nanos;
        while (end - nowNanos > AWAKE_NANOS) {
            standStill(AWAKE_NANOS);
        }
        standStill(end - nowNanos);
    }

    /** Time passes, and the term does nothing until it is over. */
    void standStill(long nanos) {
        nowNanos += nanos;
        run();
    }

    /** Time passes, but not on the clock that measures intervals, and the term does nothing until it is over. */
    void suspend(long millis) {
        suspendedMillis += millis;
        run();
    }

    /** So much time passes in the middle of something. */
    void idle(long nanos) {
        nowNanos += nanos;
    }

    void run() {
        boolean busy = true;
        while (busy) {
            busy = term.turn();
        }
    }

    void perform(Effect... effects) {
        term.submit(List.of(effects));
        run();
    }

    /** The log has applied the oldest proposal that had no answer yet. */
    void answer() {
        unanswered.remove().accept(ReplyProto.getDefaultInstance());
        run();
    }

    void refuse() {
        unanswered
                .remove()
                .accept(ReplyProto.newBuilder()
                        .setError("node is not the leader")
                        .build());
        run();
    }

    /** Proposals since the last call, without those of the start of a term. */
    List<CommandProto> takeProposed() {
        List<CommandProto> taken = proposed.stream()
                .filter(command -> !command.hasConfigure() && !command.hasTakeOver())
                .toList();
        proposed.clear();
        return taken;
    }

    /** Time is up for every request. */
    void timeOutRequests() {
        List<Runnable> due = List.copyOf(requestTimers);
        requestTimers.clear();
        due.forEach(Runnable::run);
        run();
    }

    List<MsgProto> subscribe(String inbox) {
        List<MsgProto> received = new ArrayList<>();
        router.subscribe(Subject.of(inbox), null, Scope.CLUSTER, message -> received.add(parsed(message)));
        return received;
    }

    /** A client that answers heartbeats. */
    void answerOn(String inbox) {
        router.subscribe(Subject.of(inbox), null, Scope.CLUSTER, message -> {
            router.publish(new Message(message.reply(), null, 0, Unpooled.EMPTY_BUFFER));
            return true;
        });
    }

    void store(long sequence, String reply, String data) {
        records.put(
                sequence,
                MsgProto.newBuilder()
                        .setReply(reply)
                        .setData(ByteString.copyFromUtf8(data))
                        .build()
                        .toByteString());
    }

    static MsgProto parsed(Message message) {
        try {
            return MsgProto.parseFrom(ByteBufUtil.getBytes(message.content()));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void append(CommandProto command, Consumer<ReplyProto> onReply) {
        proposed.add(command);
        unanswered.add(onReply);
    }

    @Override
    public void publish(Publication publication) {
        throw new AssertionError("a leader publishes nothing");
    }

    @Override
    public void ack(String ackInbox, long sequence) {
        throw new AssertionError("a leader acks nothing");
    }

    @Override
    public boolean isSaturated() {
        return false;
    }

    @Override
    public void onRelief(Runnable listener) {}

    @Override
    public void read(long channelId, long first, long last, Sink sink) {
        reads.add(first + ".." + last);
        for (long sequence = first; sequence <= last; sequence++) {
            ByteString record = records.get(sequence);
            if (record != null) {
                sink.onMessage(sequence, timestampNanos, record);
            }
        }
    }
}
