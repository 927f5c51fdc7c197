/** The NATS client protocol: bytes to calls and back. It knows the grammar, and no socket and no policy. */
@NullMarked
package io.stanchion.gateway.wire;

import org.jspecify.annotations.NullMarked;
