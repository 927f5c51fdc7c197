package io.stanchion.gateway.stan;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Requests;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Timers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A started service on a real router, a recorded log, and a client that keeps the answers. */
final class ServiceFixture {
    static final String INBOX = "_INBOX.client.1";
    static final byte[] GARBAGE = "dummy".getBytes(StandardCharsets.US_ASCII);

    final Router router = new Router();
    final List<Runnable> timers = new ArrayList<>();
    final RecordedLog log = new RecordedLog();
    final Map<ByteString, SessionView.Standing> sessions = new HashMap<>();
    final Map<String, Long> sessionNumbers = new HashMap<>();
    final StanCounters counters = new StanCounters();
    final List<byte[]> answers = new ArrayList<>();
    boolean allNodesInTouch = true;
    final StanService service;

    ServiceFixture() {
        this(100);
    }

    ServiceFixture(int requestsMax) {
        Timers byHand = (delayMillis, task) -> {
            timers.add(task);
            return () -> timers.remove(task);
        };
        service = new StanService(
                new StanSubjects("test-cluster", StanSubjects.DISCOVER_PREFIX),
                new StanPorts(
                        router,
                        new Requests(router, byHand, requestsMax),
                        byHand,
                        log,
                        new KnownSessions(),
                        ackInbox -> null,
                        () -> allNodesInTouch),
                counters);
        service.start();
        router.subscribe(Subject.of(INBOX), null, Scope.CLUSTER, message -> answers.add(bytes(message)));
    }

    /** What the test says. */
    private final class KnownSessions implements SessionView {
        @Override
        public Standing standing(ByteString connId) {
            return sessions.getOrDefault(connId, Standing.UNKNOWN);
        }

        @Override
        public long numberOf(String clientId) {
            return sessionNumbers.getOrDefault(clientId, 0L);
        }
    }

    void ask(String subject, MessageLite request) {
        ask(subject, request.toByteArray());
    }

    void ask(String subject, byte[] payload) {
        publish(subject, INBOX, payload);
    }

    void tell(String subject, MessageLite request) {
        publish(subject, null, request.toByteArray());
    }

    private void publish(String subject, String reply, byte[] payload) {
        ByteBuf content = Unpooled.wrappedBuffer(payload);
        router.publish(new Message(Subject.of(subject), reply == null ? null : Subject.of(reply), 0, content));
        content.release();
    }

    byte[] answer() {
        return answers.get(answers.size() - 1);
    }

    /** Time passes: whatever waits for it has waited long enough. */
    void runTimers() {
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    static byte[] bytes(Message message) {
        return ByteBufUtil.getBytes(message.content());
    }
}
