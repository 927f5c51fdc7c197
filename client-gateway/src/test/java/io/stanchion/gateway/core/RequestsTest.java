package io.stanchion.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestsTest {
    private final Router router = new Router();
    private final List<Runnable> timers = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private final Requests requests = new Requests(
            router,
            (delayMillis, task) -> {
                timers.add(task);
                return () -> timers.remove(task);
            },
            2);

    @Test
    void shouldHandOverTheFirstReplyOnly() {
        router.subscribe(Subject.of("svc"), null, Scope.CLUSTER, message -> {
            reply(message, "one");
            reply(message, "two");
            return true;
        });
        request("svc");

        assertThat(ends).containsExactly("REPLIED one");
        assertThat(timers).isEmpty();
    }

    @Test
    void shouldSayAtOnceThatNobodyIsThere() {
        request("svc");

        assertThat(ends).containsExactly("NOBODY");
        assertThat(timers).isEmpty();
    }

    @Test
    void shouldUnderstandAServerElsewhereThatNobodyIsThere() {
        router.subscribe(Subject.of("svc"), null, Scope.CLUSTER, request -> {
            byte[] status = NoResponders.headerBlock(request.subject());
            return router.publish(new Message(request.reply(), null, status.length, Unpooled.wrappedBuffer(status)));
        });
        request("svc");

        assertThat(ends).containsExactly("NOBODY");
        assertThat(timers).isEmpty();
    }

    @Test
    void shouldTimeOutWhenNobodyAnswers() {
        List<Message> asked = new ArrayList<>();
        router.subscribe(Subject.of("svc"), null, Scope.CLUSTER, asked::add);
        request("svc");
        timers.get(0).run();
        reply(asked.get(0), "too late");

        assertThat(ends).containsExactly("TIMED_OUT");
    }

    @Test
    void shouldEndWhatIsTooMuchOrLeftOver() {
        router.subscribe(Subject.of("svc"), null, Scope.CLUSTER, message -> true);
        request("svc");
        request("svc");
        request("svc");
        assertThat(ends).containsExactly("TIMED_OUT");

        requests.close();

        assertThat(ends).containsExactly("TIMED_OUT", "TIMED_OUT", "TIMED_OUT");
        assertThat(timers).isEmpty();
    }

    @Test
    void shouldMakeUniqueNames() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String name = Nuid.next();
            assertThat(name).matches("[0-9A-Za-z]{22}");
            assertThat(names.add(name)).isTrue();
        }
    }

    private void request(String subject) {
        requests.request(
                Subject.of(subject),
                Unpooled.EMPTY_BUFFER,
                500,
                (outcome, reply) -> ends.add(
                        reply == null
                                ? outcome.name()
                                : outcome + " " + reply.content().toString(StandardCharsets.UTF_8)));
    }

    private void reply(Message request, String text) {
        router.publish(new Message(request.reply(), null, 0, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
    }
}
