package io.stanchion.chaos.workload;

import com.google.protobuf.ByteString;
import io.nats.streaming.protobuf.Ack;
import io.nats.streaming.protobuf.ConnectRequest;
import io.nats.streaming.protobuf.ConnectResponse;
import io.nats.streaming.protobuf.MsgProto;
import io.nats.streaming.protobuf.PubAck;
import io.nats.streaming.protobuf.PubMsg;
import io.nats.streaming.protobuf.StartPosition;
import io.nats.streaming.protobuf.SubscriptionRequest;
import io.nats.streaming.protobuf.SubscriptionResponse;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.HistoryWriter;
import io.stanchion.chaos.history.Phase;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A client with bad manners and a good memory, on a bare socket: it sends half a frame and waits, hangs up in the middle of one, reads
 * slowly, and acknowledges when it is too late. One thread reads and acknowledges, the caller's publishes. When its connection breaks it
 * connects again and goes on with its session, as libraries do; sometimes it begins a new one under the same name.
 */
final class OddClient {
    private static final String DURABLE = "odd";
    private static final int HEARTBEAT_SID = 1;
    private static final int SESSION_SID = 2;
    private static final int ACK_SID = 3;
    private static final int MESSAGE_SID = 4;
    private static final int READ_MILLIS = 40_000;
    private static final int ACK_WAIT_SECONDS = 2;
    private static final int IN_FLIGHT = 64;
    private static final long HOLD_MOST_MILLIS = 300;

    /** The server's own patience is 25 s, and then it says so. */
    private static final long ANSWER_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    /** Of MsgProto: how often a message was given before. The client library does not know it. */
    private static final int REDELIVERY_COUNT_FIELD = 7;

    private static final long LATE_MOST_MILLIS = 3_000;

    private final String name;
    private final String clusterId;
    private final List<String> urls;
    private final int writer;
    private final String channel;
    private final HistoryWriter history;
    private final Random random;
    private final Map<String, Event> unanswered = new ConcurrentHashMap<>();
    private final ReentrantLock sending = new ReentrantLock();
    private final AtomicBoolean polite = new AtomicBoolean();
    private long counter;
    private int tries;
    private int life;
    private @Nullable Session session;

    /** What the server told a session. */
    private record Session(int life, String publishPrefix, String subscribeSubject, String ackInbox) {}

    /** @param writer unlike that of anybody else in the run */
    OddClient(String name, ClientPlan plan, int writer, String channel, HistoryWriter history) {
        this.name = name;
        this.clusterId = plan.clusterId();
        this.urls = plan.urls();
        this.writer = writer;
        this.channel = channel;
        this.history = history;
        this.random = new Random(plan.seed() - 1);
    }

    /** Publishes until told to stop, then only reads and acknowledges, at once. Returns when the thread is interrupted. */
    void run(AtomicBoolean stopped) {
        while (!Thread.currentThread().isInterrupted()) {
            try (RawConnection connection = connect()) {
                Session open = session(connection);
                Thread reading = new Thread(() -> read(connection, open), name + "-reads");
                reading.setDaemon(true);
                reading.start();
                while (reading.isAlive() && !Thread.currentThread().isInterrupted()) {
                    polite.set(stopped.get());
                    giveUp(System.nanoTime() - ANSWER_NANOS_MAX, "no answer");
                    if (stopped.get()) {
                        pause(20);
                    } else {
                        publish(connection, open);
                        pause(random.nextLong(5, 60));
                    }
                }
                throw new IOException("the connection is closed");
            } catch (IOException e) {
                broke(e);
                giveUp(Long.MAX_VALUE, String.valueOf(e.getMessage()));
                pause(100);
            }
        }
    }

    boolean isSettled() {
        return unanswered.isEmpty();
    }

    private RawConnection connect() throws IOException {
        URI url = URI.create(urls.get(tries++ % urls.size()));
        return new RawConnection(url.getHost(), url.getPort(), READ_MILLIS);
    }

    /** The session of before, at a new connection; or a new one, if there was none, or to be odd. */
    private Session session(RawConnection connection) throws IOException {
        Session before = session;
        if (before != null && random.nextInt(4) > 0) {
            listen(connection, before.life);
            return before;
        }
        session = null;
        life++;
        listen(connection, life);
        long operation = history.nextOperation();
        history.append(event(Phase.INVOKE, Action.CONNECT, operation).on("", name));
        ConnectResponse response = ConnectResponse.parseFrom(ask(
                connection,
                event(Phase.INFO, Action.CONNECT, operation).on("", name),
                "_STAN.discover." + clusterId,
                ConnectRequest.newBuilder()
                        .setClientID(name)
                        .setHeartbeatInbox(inbox("hb", life))
                        .setProtocol(1)
                        .setConnID(ByteString.copyFromUtf8(name + "." + life))
                        .setPingInterval(5)
                        .setPingMaxOut(3)
                        .build()
                        .toByteArray()));
        if (!response.getError().isEmpty()) {
            history.append(
                    event(Phase.FAIL, Action.CONNECT, operation).on("", name).saying(response.getError()));
            throw new IOException(response.getError());
        }
        history.append(event(Phase.OK, Action.CONNECT, operation).on("", name));
        Session fresh =
                new Session(life, response.getPubPrefix(), response.getSubRequests(), subscribe(connection, response));
        session = fresh;
        return fresh;
    }

    private void listen(RawConnection connection, int ofLife) throws IOException {
        connection.write("SUB " + inbox("hb", ofLife) + " " + HEARTBEAT_SID + "\r\nSUB " + inbox("reply", ofLife) + " "
                + SESSION_SID
                + "\r\nSUB " + inbox("acks", ofLife) + " " + ACK_SID + "\r\nSUB " + inbox("messages", ofLife) + " "
                + MESSAGE_SID + "\r\n");
    }

    private String subscribe(RawConnection connection, ConnectResponse told) throws IOException {
        SubscriberPlan plan = new SubscriberPlan(
                name, channel, DURABLE, "", SubscriberPlan.Start.ALL, IN_FLIGHT, ACK_WAIT_SECONDS, 0);
        long operation = history.nextOperation();
        history.append(event(Phase.INVOKE, Action.SUBSCRIBE, operation).saying(plan.write()));
        SubscriptionResponse response = SubscriptionResponse.parseFrom(ask(
                connection,
                event(Phase.INFO, Action.SUBSCRIBE, operation),
                told.getSubRequests(),
                SubscriptionRequest.newBuilder()
                        .setClientID(name)
                        .setSubject(channel)
                        .setInbox(inbox("messages", life))
                        .setDurableName(DURABLE)
                        .setMaxInFlight(IN_FLIGHT)
                        .setAckWaitInSecs(ACK_WAIT_SECONDS)
                        .setStartPosition(StartPosition.First)
                        .build()
                        .toByteArray()));
        if (!response.getError().isEmpty()) {
            history.append(event(Phase.FAIL, Action.SUBSCRIBE, operation).saying(response.getError()));
            throw new IOException(response.getError());
        }
        history.append(event(Phase.OK, Action.SUBSCRIBE, operation));
        return response.getAckInbox();
    }

    /**
     * Sends a request and returns the answer; heartbeats come in between.
     *
     * @param failed for the history, if there is none
     */
    private ByteString ask(RawConnection connection, Event failed, String subject, byte[] request) throws IOException {
        try {
            connection.out().write(RawConnection.frame(subject, inbox("reply", life), request));
            while (true) {
                RawMessage message = connection.next();
                if (message.sid() == SESSION_SID) {
                    return message.payload();
                }
            }
        } catch (SocketTimeoutException e) {
            history.append(failed.at(System.nanoTime()).saying("no answer"));
            throw e;
        } catch (IOException e) {
            broke(e);
            history.append(failed.at(System.nanoTime()).saying(String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private void broke(IOException e) {
        history.append(event(Phase.INFO, Action.LINK, 0).on("", name).saying(String.valueOf(e.getMessage())));
    }

    private void publish(RawConnection connection, Session open) throws IOException {
        long number = ++counter;
        String guid = name + "-" + number;
        Event invoked =
                event(Phase.INVOKE, Action.PUBLISH, history.nextOperation()).message(writer, number);
        history.append(invoked);
        unanswered.put(guid, invoked);
        byte[] frame = RawConnection.frame(
                open.publishPrefix + "." + channel,
                inbox("acks", open.life),
                PubMsg.newBuilder()
                        .setClientID(name)
                        .setGuid(guid)
                        .setSubject(channel)
                        .setData(ByteString.copyFrom(new Stamp(writer, number, channel).toPayload(200)))
                        .build()
                        .toByteArray());
        send(connection, frame);
    }

    /** Whole, in two parts with a rest between them, or not to the end. */
    private void send(RawConnection connection, byte[] frame) throws IOException {
        int oddity = random.nextInt(100);
        int cut = random.nextInt(1, frame.length);
        sending.lock(); // nothing of ours may come between the parts
        try {
            if (oddity >= 20) {
                connection.out().write(frame);
                return;
            }
            connection.out().write(frame, 0, cut);
            if (oddity == 0) {
                throw new IOException("hung up in the middle of a frame");
            }
            pause(random.nextLong(1, HOLD_MOST_MILLIS));
            connection.out().write(frame, cut, frame.length - cut);
        } finally {
            sending.unlock();
        }
    }

    private void read(RawConnection connection, Session open) {
        Random mine = new Random(random.nextLong());
        try {
            while (true) {
                RawMessage message = connection.next();
                if (message.sid() == HEARTBEAT_SID) {
                    write(connection, RawConnection.frame(message.reply(), "", new byte[0]));
                } else if (message.sid() == ACK_SID) {
                    settle(PubAck.parseFrom(message.payload()));
                } else if (message.sid() == MESSAGE_SID) {
                    take(MsgProto.parseFrom(message.payload()), connection, open, mine);
                }
            }
        } catch (IOException e) {
            return; // whoever publishes sees that we are gone
        }
    }

    private void settle(PubAck ack) {
        Event invoked = unanswered.remove(ack.getGuid());
        if (invoked != null) {
            Event ended = event(ack.getError().isEmpty() ? Phase.OK : Phase.FAIL, Action.PUBLISH, invoked.operation());
            history.append(ended.message(writer, invoked.counter()).saying(ack.getError()));
        }
    }

    private void take(MsgProto message, RawConnection connection, Session open, Random mine) throws IOException {
        Event seen = event(Phase.INFO, Action.DELIVER, 0)
                .stored(message.getSequence(), message.getTimestamp(), message.getRedelivered());
        history.append(Stamp.tryRead(message.getData().toByteArray())
                .map(stamp ->
                        seen.message(stamp.writer(), stamp.counter()).saying(Event.COUNT + redeliveryCountOf(message)))
                .orElse(seen.saying("a payload of nobody")));
        int oddity = polite.get() ? 100 : mine.nextInt(1_000);
        if (oddity < 10) {
            pause(mine.nextLong(HOLD_MOST_MILLIS)); // meanwhile the server's window fills
        } else if (oddity == 10) {
            pause(mine.nextLong(LATE_MOST_MILLIS)); // and what we have is given to us again
        }
        history.append(event(Phase.INFO, Action.ACK, 0).stored(message.getSequence(), Event.NONE, false));
        byte[] ack = Ack.newBuilder()
                .setSubject(channel)
                .setSequence(message.getSequence())
                .build()
                .toByteArray();
        write(connection, RawConnection.frame(open.ackInbox, "", ack));
    }

    private static long redeliveryCountOf(MsgProto message) {
        return message.getUnknownFields().getField(REDELIVERY_COUNT_FIELD).getVarintList().stream()
                .reduce(0L, (former, last) -> last);
    }

    private void write(RawConnection connection, byte[] frame) throws IOException {
        sending.lock();
        try {
            connection.out().write(frame);
        } finally {
            sending.unlock();
        }
    }

    /** What was sent before, and not answered, may have arrived, or not. */
    private void giveUp(long beforeNanos, String why) {
        unanswered.forEach((guid, invoked) -> {
            if (invoked.nanos() < beforeNanos && unanswered.remove(guid, invoked)) {
                history.append(event(Phase.INFO, Action.PUBLISH, invoked.operation())
                        .message(writer, invoked.counter())
                        .saying(why));
            }
        });
    }

    private Event event(Phase phase, Action action, long operation) {
        return history.event(phase, action, operation)
                .on(channel, action == Action.PUBLISH ? "writer-" + writer : name + "#" + life);
    }

    private String inbox(String what, int ofLife) {
        return "_INBOX.odd." + name + "." + ofLife + "." + what;
    }

    private static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }
}
