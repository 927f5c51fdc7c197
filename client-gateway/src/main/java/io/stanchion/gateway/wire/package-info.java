/** The NATS client protocol: bytes to calls and back. No channel and no policy here; the grammar is protocol specification 2. */
@NullMarked
package io.stanchion.gateway.wire;

import org.jspecify.annotations.NullMarked;
