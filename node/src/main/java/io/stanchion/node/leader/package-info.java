/** What only the leader does: deliver messages, keep ack deadlines, ask clients for heartbeats. Nothing here survives its term. */
@NullMarked
package io.stanchion.node.leader;

import org.jspecify.annotations.NullMarked;
