package io.stanchion.node.it;

/** Whose gateway a client is connected to. Everything must work alike through each of them. */
enum Through {
    LEADER,
    FOLLOWER;

    TestNode of(TestCluster cluster) {
        return this == LEADER ? cluster.awaitLeader() : cluster.awaitFollower();
    }
}
