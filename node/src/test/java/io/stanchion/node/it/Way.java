package io.stanchion.node.it;

/** How a conformance test meets the server. Everything must look alike on each of them. */
enum Way {
    /** A node of its own. */
    SINGLE,
    /** Three nodes, through the one that leads. */
    LEADER,
    /** Three nodes, through one that follows. */
    FOLLOWER,
    /** As through a follower, but the leader is lost where the test says so. */
    LEADER_LOST
}
