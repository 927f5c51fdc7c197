package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;

/** Everything the log has decided so far. Owned by the apply thread. */
@SuppressWarnings("DoNotCallSuggester")
public final class MachineState {

    /** The state that the rows, all that were ever put and not deleted, describe; no rows give the empty machine. */
    public static MachineState restore(RunIndex runs, Iterable<Changes.Row> rows) {
        throw new UnsupportedOperationException();
    }

    /** What changed since the last call. */
    public Changes drainChanges() {
        throw new UnsupportedOperationException();
    }

    /** Equal states have equal digests, on every node, restored or not. */
    public long digest() {
        throw new UnsupportedOperationException();
    }

    /** Whether a session with this connection ID is registered, and its consecutive missed heartbeats; -1 if it is not. */
    public int heartbeatsMissed(ByteString connId) {
        throw new UnsupportedOperationException();
    }
}
