/**
 * What a node tells over HTTP about itself: whether it is fit to serve, numbers for people, and numbers for Prometheus. It only asks; what
 * it asks for is in {@link io.stanchion.node.monitor.NodeView}.
 */
@NullMarked
package io.stanchion.node.monitor;

import org.jspecify.annotations.NullMarked;
