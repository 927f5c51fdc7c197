/** The replicated log as this node uses it: the Ratis server, the data directory, and the batches of this node's gateway. */
@NullMarked
package io.stanchion.node.raft;

import org.jspecify.annotations.NullMarked;
