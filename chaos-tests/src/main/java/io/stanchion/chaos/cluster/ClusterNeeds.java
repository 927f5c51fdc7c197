package io.stanchion.chaos.cluster;

/**
 * What a cluster must be made of so that a fault can reach it.
 *
 * @param nodes how many nodes at least
 * @param ownNetworks each node has its own network name space, and links that can be cut
 * @param ownDisks each node's data is on its own small file system, which can lose power or fill up
 * @param ownLibc each node's clock and its calls to the disk go through a library that can lie to it
 */
public record ClusterNeeds(int nodes, boolean ownNetworks, boolean ownDisks, boolean ownLibc) {
    /** Three processes on loopback. */
    public static final ClusterNeeds PLAIN = new ClusterNeeds(3, false, false, false);

    public static final ClusterNeeds NETWORKS = new ClusterNeeds(3, true, false, false);
    public static final ClusterNeeds DISKS = new ClusterNeeds(3, false, true, false);
    public static final ClusterNeeds LIBC = new ClusterNeeds(3, false, false, true);

    public ClusterNeeds ofSize(int size) {
        return new ClusterNeeds(size, ownNetworks, ownDisks, ownLibc);
    }

    /** What satisfies both. */
    public ClusterNeeds and(ClusterNeeds other) {
        return new ClusterNeeds(
                Math.max(nodes, other.nodes),
                ownNetworks || other.ownNetworks,
                ownDisks || other.ownDisks,
                ownLibc || other.ownLibc);
    }
}
