/** What Ratis calls: the state machine, its replica, and the decision how much of the log may go. */
@NullMarked
package io.stanchion.raftsm.ratis;

import org.jspecify.annotations.NullMarked;
