/** Subjects, interest and routing of core NATS. This package has never heard of STAN, sockets or clusters of machines. */
@NullMarked
package io.stanchion.gateway.core;

import org.jspecify.annotations.NullMarked;
