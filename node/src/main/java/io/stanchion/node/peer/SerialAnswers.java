package io.stanchion.node.peer;

import io.grpc.stub.StreamObserver;
import io.stanchion.proto.peer.AppendResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets many threads answer on one stream, which takes one call at a time. As many wait as there are batches in flight. */
final class SerialAnswers {
    private final StreamObserver<AppendResponse> stream;
    private final Queue<AppendResponse> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean ended;

    SerialAnswers(StreamObserver<AppendResponse> stream) {
        this.stream = stream;
    }

    /** The thread that finds nobody at it sends, for itself and for all who come meanwhile. */
    void send(AppendResponse response) {
        waiting.add(response);
        if (pending.getAndIncrement() > 0) {
            return;
        }
        do {
            AppendResponse next = waiting.remove();
            if (!ended) {
                sendNow(next);
            }
        } while (pending.decrementAndGet() > 0);
    }

    private void sendNow(AppendResponse response) {
        try {
            stream.onNext(response);
        } catch (RuntimeException e) {
            ended = true; // the other node has gone; it will ask again
        }
    }

    void end() {
        ended = true;
    }
}
