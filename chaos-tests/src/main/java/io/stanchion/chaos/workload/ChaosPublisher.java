package io.stanchion.chaos.workload;

import io.nats.streaming.StreamingConnection;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.HistoryWriter;
import io.stanchion.chaos.history.Phase;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One writer: numbers his messages, never publishes one twice, and takes down what became of each. Publishes on one thread. */
final class ChaosPublisher {
    private static final int BYTES_MAX = 512;

    private final int writer;
    private final String channel;
    private final HistoryWriter history;
    private final Random random;
    private final AtomicInteger unanswered = new AtomicInteger();
    private long counter;

    ChaosPublisher(int writer, String channel, HistoryWriter history, long seed) {
        this.writer = writer;
        this.channel = channel;
        this.history = history;
        this.random = new Random(seed);
    }

    /** Publishes the next message, without waiting for its acknowledgement. */
    void publish(StreamingConnection connection) throws InterruptedException {
        long number = ++counter;
        long operation = history.nextOperation();
        unanswered.incrementAndGet();
        history.append(event(Phase.INVOKE, operation, number));
        byte[] payload = new Stamp(writer, number, channel).toPayload(random.nextInt(BYTES_MAX));
        try {
            connection.publish(channel, payload, (guid, problem) -> settle(operation, number, problem));
        } catch (InterruptedException e) {
            history.append(event(Phase.INFO, operation, number).saying("interrupted"));
            unanswered.decrementAndGet();
            throw e;
        } catch (IOException | TimeoutException | RuntimeException e) {
            history.append(event(Phase.INFO, operation, number).saying(String.valueOf(e.getMessage())));
            unanswered.decrementAndGet();
        }
    }

    private void settle(long operation, long number, @Nullable Exception problem) {
        if (problem == null) {
            history.append(event(Phase.OK, operation, number));
        } else {
            String said = String.valueOf(problem.getMessage());
            history.append(event(isRefusal(problem, said) ? Phase.FAIL : Phase.INFO, operation, number)
                    .saying(said));
        }
        unanswered.decrementAndGet();
    }

    /** The server's own words settle it; the library's say only that it has stopped waiting. */
    private static boolean isRefusal(Exception problem, String said) {
        return problem instanceof IOException && !said.contains("timeout") && !said.contains("connection");
    }

    boolean isSettled() {
        return unanswered.get() == 0;
    }

    private Event event(Phase phase, long operation, long number) {
        return history.event(phase, Action.PUBLISH, operation)
                .on(channel, "writer-" + writer)
                .message(writer, number);
    }
}
