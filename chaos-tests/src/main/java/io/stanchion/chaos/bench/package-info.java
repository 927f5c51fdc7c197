/** Load generators: rates, latencies, the pause after a kill, memory and start-up time. */
@NullMarked
package io.stanchion.chaos.bench;

import org.jspecify.annotations.NullMarked;
