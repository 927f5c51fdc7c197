package io.stanchion.gateway.external;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Interest;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.NoResponders;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Subscriber;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a NATS server elsewhere, kept up for ever once it was there. All requests of all clients come through one queue, in the
 * order in which the server sent them; what is published leaves in the order of the calls. So whatever a client did first on its
 * connection is done first here.
 *
 * <p>Who is interested in what is not known here: messages are sent, and acks or their absence show what became of them.
 */
public final class ExternalNats implements MessageBus, AutoCloseable {
    /**
     * After the server was away its clients come back within their reconnect wait, which is 2 s unless they chose otherwise; what is
     * delivered before that is lost.
     */
    static final long REJOIN_NANOS = 2_500_000_000L;

    private static final int OUTGOING_MESSAGES_MAX = 16_384;
    private static final long OUTGOING_DELIVERY_BYTES_MAX = 8L << 20;
    private static final long WAITING_MESSAGES_MAX = 1L << 19;
    private static final long WAITING_BYTES_MAX = 256L << 20;
    private static final Duration PUSH_PATIENCE = Duration.ofSeconds(2);
    private static final Duration RECONNECT_WAIT = Duration.ofMillis(250);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(10);
    private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(2);

    /** The NATS client's words; with TLS set up it would refuse a server without, so it cannot be set up just in case. */
    private static final String WANTS_TLS = "SSL required by server";

    private final Connection connection;
    private final ConnectionEvents events;
    private final Dispatcher requests;

    /** Apart from the requests, which may have to wait for the log: a heartbeat's answer must not. */
    private final Dispatcher replies;

    private ExternalNats(Connection connection, ConnectionEvents events) {
        this.connection = connection;
        this.events = events;
        this.requests = dispatcher(connection);
        this.replies = dispatcher(connection);
    }

    private static Dispatcher dispatcher(Connection connection) {
        Dispatcher dispatcher = connection.createDispatcher();
        dispatcher.setPendingLimits(WAITING_MESSAGES_MAX, WAITING_BYTES_MAX);
        return dispatcher;
    }

    /**
     * Connects; each server is tried once.
     *
     * @param name shown by the server's monitoring
     * @param onClosed told, on any thread, why the connection will not come back: the server refuses us
     * @throws IOException with one line that says what to correct
     */
    public static ExternalNats connect(ExternalNatsConfig config, String name, Consumer<String> onClosed)
            throws IOException, InterruptedException {
        ConnectionEvents events = new ConnectionEvents(name, onClosed);
        Options options = options(config, events, config.isSecure());
        try {
            return new ExternalNats(Nats.connect(options), events);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            String problem = events.lastProblemOr(e.getMessage());
            if (!config.isSecure() && problem.contains(WANTS_TLS)) {
                return connectSecured(config, new ConnectionEvents(name, onClosed));
            }
            throw failed(config, problem, e);
        }
    }

    /** For a server that asks for what nobody has configured: then the authorities that Java trusts have to do. */
    private static ExternalNats connectSecured(ExternalNatsConfig config, ConnectionEvents events)
            throws IOException, InterruptedException {
        Options options = options(config, events, true);
        try {
            return new ExternalNats(Nats.connect(options), events);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw failed(config, events.lastProblemOr(e.getMessage()), e);
        }
    }

    private static Options options(ExternalNatsConfig config, ConnectionEvents events, boolean secured)
            throws IOException {
        Options.Builder options = new Options.Builder()
                .servers(config.urls().toArray(String[]::new))
                .connectionName(events.name())
                .noEcho() // a client that names our subjects as its inbox must not make us talk to ourselves
                .supportUTF8Subjects()
                .maxReconnects(-1)
                .reconnectWait(RECONNECT_WAIT)
                .pingInterval(PING_INTERVAL)
                .maxMessagesInOutgoingQueue(OUTGOING_MESSAGES_MAX)
                .writeQueuePushTimeout(PUSH_PATIENCE)
                .connectionListener(events::onEvent)
                .errorListener(events);
        new Credentials(config.login()).applyTo(options);
        if (secured) {
            options.sslContext(ClientTls.contextOf(config.tls()));
        }
        return options.build();
    }

    private static IOException failed(ExternalNatsConfig config, String problem, Exception cause) {
        return new IOException("cannot connect to NATS at " + config.shownUrls() + ": " + problem, cause);
    }

    @Override
    public Interest subscribe(Subject pattern, @Nullable Subject queueGroup, Scope scope, Subscriber subscriber) {
        if (!pattern.isPattern()) {
            throw new IllegalArgumentException("not a pattern: " + pattern);
        }
        Dispatcher dispatcher = scope == Scope.SERVICE ? requests : replies;
        Subscribed subscribed = new Subscribed(dispatcher, subscriber);
        subscribed.begin(pattern.toString(), queueGroup);
        return subscribed;
    }

    /** Waits a little while more is published than the server takes; what it does not take then is lost. */
    @Override
    public boolean publish(Message message) {
        ByteBuf content = message.content();
        int start = content.readerIndex() + message.headerBytes();
        byte[] payload = ByteBufUtil.getBytes(content, start, content.writerIndex() - start);
        Subject reply = message.reply();
        try {
            connection.publish(message.subject().toString(), reply == null ? null : reply.toString(), payload);
        } catch (IllegalStateException | IllegalArgumentException e) {
            events.onUnsent(message.subject(), e);
        }
        return true;
    }

    /** One place for all: whether they are there is not known. */
    @Override
    public @Nullable Object whereabouts(Subject subject) {
        return isConnected() && events.nanosSinceReturn() >= REJOIN_NANOS ? this : null;
    }

    @Override
    public boolean knowsListeners() {
        return false;
    }

    /** What waits here for the server should never be so much that answers find no room. */
    @Override
    public boolean hasRoom(Object whereabouts) {
        return connection.outgoingPendingMessageCount() < OUTGOING_MESSAGES_MAX / 2
                && connection.outgoingPendingBytes() < OUTGOING_DELIVERY_BYTES_MAX;
    }

    @Override
    public boolean isConnected() {
        return connection.getStatus() == Connection.Status.CONNECTED && !events.isAway();
    }

    @Override
    public int payloadMaxBytes() {
        long max = connection.getMaxPayload();
        return max <= 0 ? Integer.MAX_VALUE : (int) Math.min(max, Integer.MAX_VALUE);
    }

    /** Whether anybody answers an empty request within this time. Blocks. */
    public boolean answers(String subject, long millis) throws InterruptedException {
        try {
            connection.request(subject, new byte[0]).get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | CancellationException | ExecutionException e) {
            return false; // nobody, or nobody in time
        }
    }

    /** Blocks until the server has taken all that was subscribed and published before, but not for long. Returns false if it has not. */
    public boolean flush() throws InterruptedException {
        try {
            connection.flush(FLUSH_PATIENCE);
            return true;
        } catch (TimeoutException | IllegalStateException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        events.expectClose();
        if (isConnected()) {
            flush();
        }
        connection.close();
    }

    private static final class Subscribed implements Interest {
        private final Dispatcher dispatcher;
        private final Subscriber subscriber;
        private @Nullable Subscription subscription;
        private volatile boolean closed;

        Subscribed(Dispatcher dispatcher, Subscriber subscriber) {
            this.dispatcher = dispatcher;
            this.subscriber = subscriber;
        }

        void begin(String pattern, @Nullable Subject queueGroup) {
            subscription = queueGroup == null
                    ? dispatcher.subscribe(pattern, this::onMessage)
                    : dispatcher.subscribe(pattern, queueGroup.toString(), this::onMessage);
        }

        private void onMessage(io.nats.client.Message received) {
            if (!closed) {
                subscriber.deliver(messageOf(received));
            }
        }

        @Override
        public void close() {
            closed = true;
            Subscription begun = subscription;
            subscription = null;
            if (begun != null && begun.isActive()) {
                try {
                    dispatcher.unsubscribe(begun);
                } catch (IllegalStateException e) {
                    return; // the connection is closed, and with it all that came through it
                }
            }
        }
    }

    /** Streaming has no use for headers, but for the one that says that a request reached nobody. */
    private static Message messageOf(io.nats.client.Message received) {
        Subject subject = Subject.of(received.getSubject());
        if (received.isStatusMessage() && received.getStatus().isNoResponders()) {
            byte[] header = NoResponders.headerBlock(subject);
            return new Message(subject, null, header.length, Unpooled.wrappedBuffer(header));
        }
        String reply = received.getReplyTo();
        byte[] payload = received.getData();
        return new Message(
                subject,
                reply == null ? null : Subject.of(reply),
                0,
                payload == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(payload));
    }
}
