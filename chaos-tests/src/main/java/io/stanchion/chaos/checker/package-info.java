/** The judges: each looks at a history and at what the nodes have on their disks, and names what should not be. */
@NullMarked
package io.stanchion.chaos.checker;

import org.jspecify.annotations.NullMarked;
