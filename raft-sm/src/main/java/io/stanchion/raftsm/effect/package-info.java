/** What the leader owes the world after an entry was applied. Followers drop effects. */
@NullMarked
package io.stanchion.raftsm.effect;

import org.jspecify.annotations.NullMarked;
