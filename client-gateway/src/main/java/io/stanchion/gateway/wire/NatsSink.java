package io.stanchion.gateway.wire;

import org.jspecify.annotations.Nullable;

/** What a client has said, in the order in which it said it. */
public interface NatsSink {
    void onConnect(byte[] json);

    void onInfo(byte[] json);

    /** PUB and HPUB. The frame lives until this returns. */
    void onPublish(PublishFrame frame);

    void onSub(byte[] subject, byte @Nullable [] queueGroup, byte[] sid);

    /**
     * @param max 0 means now
     */
    void onUnsub(byte[] sid, int max);

    void onPing();

    void onPong();

    /**
     * The last call: the parser has stopped.
     *
     * @param details for the log, in nats-server's words
     */
    void onViolation(Violation violation, String details);
}
