package io.stanchion.node;

import com.google.protobuf.ByteString;
import io.stanchion.gateway.stan.SessionView;
import io.stanchion.raftsm.ratis.StanchionStateMachine;

/** The sessions that this node's replica has applied. */
record ReplicaSessions(StanchionStateMachine machine) implements SessionView {
    @Override
    public Standing standing(ByteString connId) {
        int missed = machine.heartbeatsMissed(connId);
        if (missed < 0) {
            return Standing.UNKNOWN;
        }
        return missed == 0 ? Standing.WELL : Standing.MISSING_HEARTBEATS;
    }

    @Override
    public long numberOf(String clientId) {
        return machine.sessionNumber(clientId);
    }
}
