/** Subjects, interest and routing of core NATS. Other nodes are peers to forward to; STAN and sockets are unknown here. */
@NullMarked
package io.stanchion.gateway.core;

import org.jspecify.annotations.NullMarked;
