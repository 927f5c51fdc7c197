package io.stanchion.gateway.connection;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a socket is closed. Closing one that has unread bytes makes the kernel send a reset, which may overtake the -ERR that explains
 * everything; so after an error we only say that we are done, and let the client close. Owned by the connection's event loop.
 */
final class SocketEnd {
    private static final long LINGER_MILLIS = 1000;
    private static final long PARTING_MILLIS = 2000;

    private final Channel socket;
    private @Nullable Future<?> patience;

    SocketEnd(Channel socket) {
        this.socket = socket;
    }

    void close(CloseReason reason) {
        if (reason == CloseReason.SERVER_SHUTDOWN || !(socket instanceof DuplexChannel duplex)) {
            abort();
            return;
        }
        var unused = duplex.shutdownOutput();
        socket.config().setAutoRead(true); // what still comes is read and ignored
        patience = socket.eventLoop().schedule(this::abort, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Says that we are done, and lets the client close, for a longer time: what it has sent until then is read. */
    void awaitClient() {
        if (!(socket instanceof DuplexChannel duplex)) {
            abort();
            return;
        }
        var unused = duplex.shutdownOutput();
        patience = socket.eventLoop().schedule(this::abort, PARTING_MILLIS, TimeUnit.MILLISECONDS);
    }

    void abort() {
        var unused = socket.close();
    }

    void onClosed() {
        if (patience != null) {
            patience.cancel(false);
        }
    }
}
