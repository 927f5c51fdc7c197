/** One TCP client of the gateway: its socket, its subscriptions, its limits, and what waits to be written to it. */
@NullMarked
package io.stanchion.gateway.connection;

import org.jspecify.annotations.NullMarked;
