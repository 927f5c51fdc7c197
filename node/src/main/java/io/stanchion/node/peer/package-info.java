/**
 * Node to node over gRPC: the mesh that carries interest and routed messages, the stream that forwards batches to the leader, the
 * checkpoints that a follower pulls, and what a node asks that has no log.
 */
@NullMarked
package io.stanchion.node.peer;

import org.jspecify.annotations.NullMarked;
