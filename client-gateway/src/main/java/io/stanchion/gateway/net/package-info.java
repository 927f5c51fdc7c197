/** The listening side of the gateway: the port, the event loops, and under which addresses clients reach this node. */
@NullMarked
package io.stanchion.gateway.net;

import org.jspecify.annotations.NullMarked;
