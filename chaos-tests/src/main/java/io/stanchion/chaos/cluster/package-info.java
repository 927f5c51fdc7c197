/** Real nodes as processes of this machine: start, kill, pause, ask, clean up. */
@NullMarked
package io.stanchion.chaos.cluster;

import org.jspecify.annotations.NullMarked;
