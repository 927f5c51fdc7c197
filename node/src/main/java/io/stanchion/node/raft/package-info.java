/**
 * The replicated log as this node uses it: the batches of this node's gateway, the way to the leader, the Ratis server, the data directory,
 * and whether this node may vote.
 */
@NullMarked
package io.stanchion.node.raft;

import org.jspecify.annotations.NullMarked;
