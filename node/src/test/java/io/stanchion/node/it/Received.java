package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.Message;
import io.nats.streaming.MessageHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.Assertions;

/** A message handler that remembers. */
final class Received implements MessageHandler {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ConcurrentLinkedQueue<Message> messages = new ConcurrentLinkedQueue<>();

    @Override
    public void onMessage(Message message) {
        messages.add(message);
    }

    List<Message> all() {
        return List.copyOf(messages);
    }

    List<String> texts() {
        return messages.stream()
                .map(message -> new String(message.getData(), UTF_8))
                .toList();
    }

    List<Long> sequences() {
        return messages.stream().map(Message::getSequence).toList();
    }

    int count() {
        return messages.size();
    }

    /** Waits for exactly these texts in this order. */
    void awaitTexts(String... expected) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> Assertions.assertThat(texts()).containsExactly(expected));
    }

    void awaitCount(int expected) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> Assertions.assertThat(count()).isGreaterThanOrEqualTo(expected));
    }
}
