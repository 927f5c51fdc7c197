package io.stanchion.chaos.workload;

import io.nats.streaming.Message;
import io.nats.streaming.SubscriptionOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable subscriber that records all it gets. When its server dies the client library moves it to the next one. Should the library
 * give the session up, a new one is opened under the same client ID, and the durable resumes where it was.
 */
public final class DurableSubscriber implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DurableSubscriber.class);
    private static final int REOPEN_ATTEMPTS = 20;

    private final Settings settings;
    private final DeliveryRecord record = new DeliveryRecord();
    private final AtomicInteger reopened = new AtomicInteger();
    private final ExecutorService reopener =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "reopen-session"));
    private volatile @Nullable StreamingSession session;
    private volatile boolean closed;

    /**
     * Who subscribes to what.
     *
     * @param urls servers in order of preference
     * @param ackWait whole seconds; bounds how long a message that was sent to a dead connection stays away
     */
    public record Settings(
            String clusterId,
            String clientId,
            List<String> urls,
            String channel,
            String durable,
            int maxInFlight,
            Duration ackWait) {
        public Settings {
            urls = List.copyOf(urls);
        }
    }

    private DurableSubscriber(Settings settings) {
        this.settings = settings;
    }

    /** Subscribes from the first message on. */
    public static DurableSubscriber open(Settings settings) throws IOException, InterruptedException {
        DurableSubscriber subscriber = new DurableSubscriber(settings);
        try {
            subscriber.openSession();
            return subscriber;
        } catch (IOException | InterruptedException | RuntimeException e) {
            subscriber.close();
            throw e;
        }
    }

    public DeliveryRecord record() {
        return record;
    }

    /** How often the client library gave up and a new session was needed. */
    public int reopenedCount() {
        return reopened.get();
    }

    /** The URL of the server that the subscriber is connected to right now, for people to read. */
    public String server() {
        StreamingSession current = session;
        String url = current == null ? null : current.nats().getConnectedUrl();
        return url == null ? "none" : url;
    }

    private void openSession() throws IOException, InterruptedException {
        StreamingSession fresh = StreamingSession.open(
                settings.clusterId(),
                settings.clientId(),
                settings.urls(),
                Duration.ofSeconds(30),
                (connection, cause) -> reopenLater(cause));
        session = fresh;
        SubscriptionOptions options = new SubscriptionOptions.Builder()
                .durableName(settings.durable())
                .deliverAllAvailable()
                .maxInFlight(settings.maxInFlight())
                .ackWait(settings.ackWait())
                .subscriptionTimeout(Duration.ofSeconds(10))
                .build();
        try {
            fresh.streaming().subscribe(settings.channel(), this::onMessage, options);
        } catch (TimeoutException e) {
            throw new IOException("subscribing took too long", e);
        }
    }

    private void onMessage(Message message) {
        record.record(NumberedPayload.numberOf(message.getData()), message.getSequence(), message.isRedelivered());
    }

    private void reopenLater(Exception cause) {
        if (!closed) {
            log.info("session {} was given up by the client library: {}", settings.clientId(), cause.getMessage());
            reopener.execute(this::reopen);
        }
    }

    private void reopen() {
        for (int attempt = 1; attempt <= REOPEN_ATTEMPTS && !closed; attempt++) {
            try {
                abandonSession();
                openSession();
                reopened.incrementAndGet();
                return;
            } catch (IOException e) {
                log.warn("session {} could not be opened again: {}", settings.clientId(), e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void abandonSession() throws InterruptedException {
        StreamingSession old = session;
        session = null;
        if (old != null) {
            old.abandon();
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        reopener.shutdownNow();
        reopener.awaitTermination(10, TimeUnit.SECONDS);
        StreamingSession last = session;
        if (last != null) {
            last.close();
        }
    }
}
