/** A NATS server elsewhere in the place of this node's router: the streaming service is one of its clients. */
@NullMarked
package io.stanchion.gateway.external;

import org.jspecify.annotations.NullMarked;
