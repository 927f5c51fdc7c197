package io.stanchion.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.NoResponders;
import io.stanchion.gateway.core.Route;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.wire.ConnectOptions;
import io.stanchion.gateway.wire.NatsParser;
import io.stanchion.gateway.wire.NatsSink;
import io.stanchion.gateway.wire.NatsWriter;
import io.stanchion.gateway.wire.PublishFrame;
import io.stanchion.gateway.wire.Violation;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP client: does what it says, as protocol specification 2 to 5 has it. Owned by its event loop; other threads deliver through
 * its subscriptions, and may tell it to close or that INFO has changed.
 *
 * <p>Order: what one client says is done in that order, and all it gets goes through one queue, so a PONG follows everything that was
 * caused by what came before the PING.
 */
public final class Connection implements NatsSink {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final long SETTLE_MILLIS = 10;

    private final long id;
    private final String clientIp;
    private final GatewayState gateway;
    private final ConnectionLimits limits;
    private final Lane lane;
    private final NatsParser parser;
    /** In the log. */
    private final String name;

    private final ProtocolTrace trace;
    private final Outbound outbound;
    private final Intake intake;
    private final PingTimer pings;
    private final SocketEnd socketEnd;
    private final Vitals vitals;
    private final ConnectOptions options = new ConnectOptions();
    private final SubscriptionTable subscriptions;
    private final AtomicBoolean slow = new AtomicBoolean();

    private boolean connected;
    private boolean firstPongSent;
    private boolean closed;
    /** It is told nothing new any more, see {@link #letGo}. */
    private boolean leaving;

    /** The message that this client is just publishing: how its own subscriptions know an echo. */
    private @Nullable Message publishing;

    Connection(GatewayState gateway, Channel socket, String clientIp, int clientPort) {
        this.id = gateway.newId();
        this.clientIp = clientIp;
        this.gateway = gateway;
        this.limits = gateway.limits();
        this.lane = gateway.laneOf(socket.eventLoop());
        this.parser = new NatsParser(socket.alloc(), limits.controlLineMaxBytes(), limits.payloadMaxBytes());
        this.name = nameOf(clientIp, clientPort, id);
        this.trace = new ProtocolTrace(this, name, gateway::tracedBytesMax);
        this.outbound = new Outbound(socket, lane, this, limits);
        this.intake = new Intake(socket, lane, gateway);
        this.pings = new PingTimer(this, gateway);
        this.socketEnd = new SocketEnd(socket);
        this.vitals = new Vitals(id, clientIp, clientPort, gateway.nanoTime());
        this.subscriptions = new SubscriptionTable(this, gateway, vitals);
    }

    private static String nameOf(String clientIp, int clientPort, long id) {
        return (clientIp.indexOf(':') < 0 ? clientIp : "[" + clientIp + "]") + ":" + clientPort + " - cid:" + id;
    }

    /** The number that INFO and monitoring show. */
    public long id() {
        return id;
    }

    /** Any thread: bytes that wait for the client. */
    public long pendingBytes() {
        return outbound.pendingBytes();
    }

    boolean hasRoom() {
        return outbound.hasRoom();
    }

    /** Any thread: ends the connection when what waits for it is written. */
    public void closeFromServer(CloseReason reason) {
        lane.tryExecute(() -> close(reason));
    }

    /**
     * Any thread: ends the connection without a loss. The client gets what was meant for it, then the end of the stream. What it publishes
     * is taken until it ends the connection itself, which libraries do when they read that end; the answers find it where it is then.
     */
    public void letGo() {
        lane.tryExecute(() -> {
            if (!closed && !leaving) {
                leaving = true;
                pings.stop();
                subscriptions.retireAll();
                var unused = lane.loop().schedule(this::endOutput, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Whoever had chosen this client before its subscriptions were taken back has written by now. */
    private void endOutput() {
        if (!closed) {
            lane.drainBefore();
            outbound.whenDrained(() -> {
                outbound.dispose();
                socketEnd.awaitClient();
            });
        }
    }

    /** Any thread. */
    void closeAsTooMany() {
        lane.tryExecute(this::failAsTooMany);
    }

    private void failAsTooMany() {
        fail("maximum connections exceeded", "maximum connections exceeded", CloseReason.CONNECTIONS_EXCEEDED);
    }

    /** Any thread. */
    void onLimitsChanged() {
        lane.tryExecute(this::limitParser);
    }

    private void limitParser() {
        ConnectionLimits present = gateway.limits();
        parser.limit(present.controlLineMaxBytes(), present.payloadMaxBytes());
    }

    /** Any thread. */
    ConnectionFacts facts() {
        return vitals.facts(pings, pendingBytes(), null, "");
    }

    /** Any thread: what this client has subscribed to, at a moment when its event loop finds time. */
    CompletableFuture<List<InterestFacts>> interests() {
        CompletableFuture<List<InterestFacts>> answer = new CompletableFuture<>();
        boolean asked = lane.tryExecute(() -> answer.complete(subscriptions.facts()));
        if (!asked) {
            answer.complete(List.of());
        }
        return answer;
    }

    void open() {
        lane.traffic().connectionsTotal.add(1);
        tell(gateway.info().encode(id, clientIp, false));
        if (gateway.tryAdmit(this)) {
            log.debug("{} - Client connection created", name);
            limitParser(); // the limits may have changed just before
            pings.start();
        } else {
            failAsTooMany();
        }
    }

    void read(ByteBuf bytes) {
        parser.feed(bytes, ProtocolTrace.isOn() ? trace : this);
    }

    void onSocketClosed(CloseReason reason) {
        end(leaving ? CloseReason.SERVER_SHUTDOWN : reason);
        parser.close();
        outbound.dispose();
        socketEnd.onClosed();
    }

    @Override
    public void onConnect(byte[] json) {
        pings.onConnect();
        try {
            options.merge(json);
        } catch (IOException e) {
            log.error("{} - bad CONNECT: {}", name, firstLine(e));
            close(CloseReason.PROTOCOL_VIOLATION);
            return;
        }
        vitals.onIntroduced(options.name(), options.lang(), options.version());
        subscriptions.removeAll();
        connected = true;
        if (options.namesAccount()) {
            fail("authentication error", "Authorization Violation", CloseReason.AUTHENTICATION_FAILURE);
        } else if (options.protocol() != 0 && options.protocol() != 1) {
            String error = "invalid client protocol";
            fail(error, error, CloseReason.BAD_PROTOCOL_VERSION);
        } else if (options.noResponders() && !options.headers()) {
            String error = "no responders requires headers support";
            fail(error, error, CloseReason.NO_RESPONDERS_REQUIRES_HEADERS);
        } else {
            parser.allowHeaders(options.headers());
            acknowledge();
        }
    }

    @Override
    public void onInfo(byte[] json) {
        if (!ConnectOptions.isObject(json)) {
            log.error("{} - bad INFO: no JSON object", name);
            close(CloseReason.PROTOCOL_VIOLATION);
        }
    }

    @Override
    public void onPublish(PublishFrame frame) {
        pings.onActivity();
        lane.traffic().inMessages.add(1);
        lane.traffic().inBytes.add(frame.contentLength());
        vitals.onReceived(frame.contentLength());
        Route route = lane.routes().find(frame.source(), frame.subjectStart(), frame.subjectLength());
        Subject subject = route.subject();
        if (options.pedantic() && !subject.isLiteral()) {
            sendError("Invalid Publish Subject"); // and publish it all the same
        }
        Subject reply = frame.replyLength() == 0
                ? null
                : Subject.copyOf(frame.source(), frame.replyStart(), frame.replyLength());
        if (isRefused(subject, reply)) {
            return;
        }
        acknowledge();
        publish(new Message(subject, reply, frame.headerBytes(), frame.content()), route);
    }

    @Override
    public void onSub(byte[] subject, byte @Nullable [] queueGroup, byte[] sid) {
        pings.onActivity();
        if (leaving) {
            return; // it will say that again elsewhere
        }
        Subject pattern = Subject.ofBytes(subject);
        Subject group = queueGroup == null ? null : Subject.ofBytes(queueGroup);
        String refusal = subscriptions.refusalOf(pattern, group);
        if (refusal != null) {
            sendError(refusal);
            return;
        }
        Subject key = Subject.ofBytes(sid);
        if (!subscriptions.contains(key)) { // a sid that is in use keeps its subscription, even if the subject differs
            if (!pattern.isPattern()) {
                sendError("Invalid Subject");
                return;
            }
            subscriptions.add(pattern, group, key);
        }
        acknowledge();
    }

    @Override
    public void onUnsub(byte[] sid, int max) {
        pings.onActivity();
        ClientSubscription subscription = subscriptions.find(Subject.ofBytes(sid));
        if (subscription != null) {
            lane.drainBefore(); // what was sent to it before now still arrives
            subscription.limit(max);
        }
        acknowledge();
    }

    @Override
    public void onPing() {
        pings.onActivity();
        lane.drainBefore();
        tell(NatsWriter.pong());
        if (connected && !firstPongSent) {
            firstPongSent = true;
            if (options.protocol() >= 1) {
                tell(gateway.info().encode(id, clientIp, true));
            }
        }
    }

    @Override
    public void onPong() {
        pings.onPong();
    }

    @Override
    public void onViolation(Violation violation, String details) {
        log.error("{} - {}", name, details);
        switch (violation) {
            case UNKNOWN_OPERATION -> fail("Unknown Protocol Operation", CloseReason.PROTOCOL_VIOLATION);
            case CONTROL_LINE_TOO_LONG -> fail("maximum control line exceeded", CloseReason.CONTROL_LINE_EXCEEDED);
            case PAYLOAD_TOO_BIG -> fail("Maximum Payload Violation", CloseReason.PAYLOAD_EXCEEDED);
            case BAD_ARGUMENTS, REMOTE_ERROR -> close(CloseReason.PROTOCOL_VIOLATION);
        }
    }

    /** Any thread. */
    void onInfoChanged() {
        lane.tryExecute(() -> {
            if (!closed && firstPongSent && options.protocol() >= 1) {
                tell(gateway.info().encode(id, clientIp, false));
            }
        });
    }

    /** Any thread: drops the connection with all that waits for it. */
    void closeAsSlowConsumer(CloseReason reason) {
        if (slow.compareAndSet(false, true)) {
            lane.tryExecute(() -> abort(reason));
        }
    }

    void onWriteFailed(@Nullable Throwable cause) {
        log.debug("write failed cid={}: {}", id, String.valueOf(cause));
        abort(CloseReason.WRITE_ERROR);
    }

    private void fail(String logged, String error, CloseReason reason) {
        log.error("{} - {}", name, logged);
        fail(error, reason);
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Says why, and closes when that is written. */
    void fail(String error, CloseReason reason) {
        sendError(error);
        close(reason);
    }

    void sendPing() {
        tell(NatsWriter.ping());
    }

    void write(ClientSubscription subscription, Message message) {
        MessageLine line = lane.lineOf(message);
        boolean withHeaders = line.isWithHeaders(options.headers());
        int bytes = message.content().readableBytes() - (withHeaders ? 0 : message.headerBytes());
        lane.traffic().outMessages.add(1);
        lane.traffic().outBytes.add(bytes);
        vitals.onSent(bytes);
        if (ProtocolTrace.isOn()) {
            trace.told(message, withHeaders, subscription.sid().toString());
        }
        outbound.append(message, line, withHeaders, subscription.sidBytes());
    }

    void remove(ClientSubscription subscription) {
        subscriptions.remove(subscription);
    }

    /** Any thread. Equal messages are not the same message, so identity is meant; only the publisher's thread can find it. */
    @SuppressWarnings("ReferenceEquality")
    boolean isEcho(Message message) {
        return message == publishing && !options.echo();
    }

    boolean isPaused() {
        return intake.isPaused();
    }

    Lane lane() {
        return lane;
    }

    Outbound outbound() {
        return outbound;
    }

    private void publish(Message message, Route route) {
        boolean taken;
        lane.takeCongestion();
        publishing = message;
        try {
            taken = gateway.router().publish(message, route);
        } finally {
            publishing = null;
        }
        if (!taken && message.reply() != null && options.noResponders() && gateway.isInterestComplete()) {
            sendNoResponders(message.subject(), message.reply());
        }
        if (route.reachesService() && gateway.isSaturated()) {
            intake.pauseUntilServiceRelief();
        }
        if (lane.takeCongestion()) {
            intake.pauseBriefly();
        }
    }

    private boolean isRefused(Subject subject, @Nullable Subject reply) {
        if (reply != null && ReservedSubjects.isReservedReply(reply)) {
            sendError("Permissions Violation for Publish with Reply of " + NatsWriter.quoted(reply.toString()));
            return true;
        }
        if (ReservedSubjects.isReserved(subject)) {
            sendError("Permissions Violation for Publish to " + NatsWriter.quoted(subject.toString()));
            return true;
        }
        return false;
    }

    /** Tells the requester that nobody will answer, if it listens for the answer itself; this counts as no delivery. */
    private void sendNoResponders(Subject subject, Subject reply) {
        ClientSubscription listener = subscriptions.listenerTo(reply);
        if (listener != null) {
            byte[] block = NoResponders.headerBlock(subject);
            Message status = new Message(reply, null, block.length, Unpooled.wrappedBuffer(block));
            outbound.append(status, lane.lineOf(status), true, listener.sidBytes());
        }
    }

    private void tell(byte[] line) {
        if (ProtocolTrace.isOn()) {
            trace.told(line);
        }
        outbound.append(line);
    }

    private void acknowledge() {
        if (options.verbose()) {
            tell(NatsWriter.ok());
        }
    }

    private void sendError(String text) {
        log.debug("error to cid={}: {}", id, text);
        tell(NatsWriter.error(text));
    }

    private void close(CloseReason reason) {
        if (end(reason)) {
            outbound.whenDrained(() -> socketEnd.close(reason));
        }
    }

    private void abort(CloseReason reason) {
        if (end(reason) && reason.isSlowConsumer()) {
            reportSlowConsumer(reason);
        }
        outbound.dispose();
        socketEnd.abort();
    }

    private void reportSlowConsumer(CloseReason reason) {
        if (connected) {
            lane.traffic().slowConsumers.add(1);
        }
        if (reason == CloseReason.SLOW_CONSUMER_PENDING_BYTES) {
            log.info("{} - Slow Consumer Detected: MaxPending of {} Exceeded", name, limits.pendingMaxBytes());
        } else {
            log.info(
                    "{} - Slow Consumer Detected: WriteDeadline of {}s exceeded with {} chunks of {} total bytes.",
                    name,
                    BigDecimal.valueOf(limits.writeDeadlineMillis(), 3)
                            .stripTrailingZeros()
                            .toPlainString(),
                    outbound.pendingChunks(),
                    outbound.pendingBytes());
        }
    }

    /** Everything but the socket ends here; returns false if it has ended before. */
    private boolean end(CloseReason reason) {
        if (closed) {
            return false;
        }
        closed = true;
        log.debug("{} - Client connection closed: {}", name, reason.text());
        parser.stop();
        pings.stop();
        if (reason == CloseReason.STALE_CONNECTION) {
            lane.traffic().staleConnections.add(1);
        }
        gateway.onClosed(this, vitals.facts(pings, pendingBytes(), Instant.now(), reason.text()));
        subscriptions.removeAll();
        return true;
    }
}
