package io.stanchion.gateway.core;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way through the router.
 *
 * @param headerBytes length of the header block at the start of {@code content}; 0 if there is none
 * @param content header block and payload. Whoever passes a message on keeps its own reference; whoever keeps a message beyond the
 *     call that brought it retains the content and releases it when done. Readers use absolute indices or a duplicate: several
 *     threads may look at one message at the same time.
 * @param term of the leader that delivers it to a streaming subscriber; 0 for every other message
 */
public record Message(Subject subject, @Nullable Subject reply, int headerBytes, ByteBuf content, long term) {
    public Message(Subject subject, @Nullable Subject reply, int headerBytes, ByteBuf content) {
        this(subject, reply, headerBytes, content, 0);
    }
}
