/** The streaming service: one more subscriber of the router, and a client of the replicated log. */
@NullMarked
package io.stanchion.gateway.stan;

import org.jspecify.annotations.NullMarked;
