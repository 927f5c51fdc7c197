package io.stanchion.gateway.stan;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Timers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeldRepliesTest {
    private static final Subject INBOX = Subject.of("_INBOX.client.acks");

    private final Router router = new Router();
    private final List<Runnable> timers = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private long nanos;
    private final Timers byHand = (delayMillis, task) -> {
        timers.add(task);
        return () -> timers.remove(task);
    };
    private final Replies replies = new Replies(router, byHand, () -> nanos);

    @Test
    void shouldKeepAnAnswerUntilTheClientListensAgain() {
        replies.send(INBOX, bytes("first"));
        replies.send(INBOX, bytes("second"));
        look();
        assertThat(replies.areSent()).isFalse();

        listen(INBOX);
        look();

        assertThat(heard).containsExactly("first", "second");
        assertThat(replies.areSent()).isTrue();
        assertThat(timers).isEmpty();
    }

    @Test
    void shouldKeepNothingForAClientThatListens() {
        listen(INBOX);
        replies.send(INBOX, bytes("answer"));

        assertThat(heard).containsExactly("answer");
        assertThat(replies.areSent()).isTrue();
    }

    @Test
    void shouldGiveUpAClientThatDoesNotComeBack() {
        replies.send(INBOX, bytes("lost"));
        nanos = TimeUnit.MILLISECONDS.toNanos(HeldReplies.PATIENCE_MILLIS);
        look();

        assertThat(replies.areSent()).isTrue();
        listen(INBOX);
        look();
        assertThat(heard).isEmpty();
    }

    @Test
    void shouldNotFillTheMemoryWithAnswersThatNobodyWants() {
        for (int i = 0; i < HeldReplies.INBOXES_MAX + 100; i++) {
            replies.send(Subject.of("_INBOX.gone." + i), bytes("x"));
        }
        byte[] large = new byte[1 << 20];
        for (int i = 0; i < 20; i++) {
            replies.send(Subject.of("_INBOX.gone.0"), large);
        }
        listen(Subject.of("_INBOX.gone.>"));
        look();

        assertThat(heard).hasSizeBetween(HeldReplies.INBOXES_MAX, HeldReplies.INBOXES_MAX + 8);
        assertThat(replies.areSent()).isTrue();
    }

    private void listen(Subject pattern) {
        router.subscribe(
                pattern,
                null,
                Scope.CLUSTER,
                message -> heard.add(new String(ServiceFixture.bytes(message), StandardCharsets.UTF_8)));
    }

    private void look() {
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
