package io.stanchion.chaos.workload;

import com.google.protobuf.ByteString;

/** A message as it came over the wire. {@code sid} is the number that the client gave to its subscription. */
record RawMessage(int sid, String reply, ByteString payload) {}
