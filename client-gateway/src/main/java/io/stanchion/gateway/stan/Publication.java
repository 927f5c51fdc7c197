package io.stanchion.gateway.stan;

import com.google.protobuf.ByteString;

/** One message on its way into the log. */
public interface Publication {
    String channel();

    /** Empty if the publisher sent none. */
    ByteString connId();

    String clientId();

    /** Length of {@link #writeRecord}'s output. */
    int recordBytes();

    /** Writes fields 3 and 4 of pb.MsgProto, without a length, at {@code offset}. Called once, on the log's thread. */
    void writeRecord(byte[] target, int offset);

    /** The message is stored by a majority. Called on any thread; must not block. */
    void onStored();

    /** The message is not stored and will not be. Called on any thread; must not block. */
    void onRefused(String error);
}
