/** The listening side of the gateway: event loops, the port, and what all its connections share. */
@NullMarked
package io.stanchion.gateway.net;

import org.jspecify.annotations.NullMarked;
