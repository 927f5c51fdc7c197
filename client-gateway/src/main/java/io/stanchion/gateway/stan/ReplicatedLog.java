package io.stanchion.gateway.stan;

import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import java.util.function.Consumer;

/**
 * The one log that all nodes share, as this node's gateway and leader use it. Thread-safe; no call blocks.
 *
 * <p>What one thread appends is applied in that order, exactly once, whatever leaders come and go meanwhile. While there is no leader
 * work is parked, not refused; see {@link #isSaturated()}.
 */
public interface ReplicatedLog {
    /**
     * Appends a command.
     *
     * @param onReply called once, on any thread, must not block. A command that waited longer than the park limit without having been
     *     handed to a leader is answered with the protocol's error; one whose outcome is unknown is never answered with an error.
     */
    void append(CommandProto command, Consumer<ReplyProto> onReply);

    /** Appends one message to a channel, as part of a run. */
    void publish(Publication publication);

    /** Settles one sequence of a subscription. Acks of one batch are folded into ranges. */
    void ack(String ackInbox, long sequence);

    /** True while the parked work is at its limit: stop reading from clients that add to it until the listener is called. */
    boolean isSaturated();

    /** Calls back, on any thread, each time the log is no longer saturated. */
    void onRelief(Runnable listener);
}
