/**
 * Node to node over gRPC: the mesh that carries interest and routed messages, the stream that forwards batches to the leader, and the
 * checkpoints that a follower pulls.
 */
@NullMarked
package io.stanchion.node.peer;

import org.jspecify.annotations.NullMarked;
