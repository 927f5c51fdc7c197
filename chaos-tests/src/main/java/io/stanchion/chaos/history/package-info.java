/** What clients did and saw, and what was done to the nodes: an append-only file per process, and all of them read back as one. */
@NullMarked
package io.stanchion.chaos.history;

import org.jspecify.annotations.NullMarked;
