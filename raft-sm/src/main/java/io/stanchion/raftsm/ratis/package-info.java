/** The only door to Ratis' state machine interface. */
@NullMarked
package io.stanchion.raftsm.ratis;

import org.jspecify.annotations.NullMarked;
