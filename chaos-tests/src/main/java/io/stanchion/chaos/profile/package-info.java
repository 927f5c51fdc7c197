/** Runs of the chaos suite: which faults, for how long, with which seed, and the report that a person reads afterwards. */
@NullMarked
package io.stanchion.chaos.profile;

import org.jspecify.annotations.NullMarked;
