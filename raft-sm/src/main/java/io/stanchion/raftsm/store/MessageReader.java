package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;

/** Reads stored messages, from memory when they are recent. Thread-safe. */
public interface MessageReader {
    /**
     * Reads {@code first..last} in order, skipping what was trimmed meanwhile.
     *
     * @throws CorruptMessageException if a stored run fails its checksum
     */
    void read(long channelId, long first, long last, Sink sink);

    @FunctionalInterface
    interface Sink {
        /** @param record fields 3 and 4 of pb.MsgProto, as in AppendProto.records without the length */
        void onMessage(long sequence, long timestampNanos, ByteString record);
    }
}
