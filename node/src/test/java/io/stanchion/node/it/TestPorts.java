package io.stanchion.node.it;

import io.stanchion.node.LoopbackPorts;

/** Ports of one node; its Raft port is the one after {@code peer}. */
record TestPorts(int client, int monitor, int peer) {
    static TestPorts free() {
        int first = LoopbackPorts.free(4);
        return new TestPorts(first, first + 1, first + 2);
    }
}
