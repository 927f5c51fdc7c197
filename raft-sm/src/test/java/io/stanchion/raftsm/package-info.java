/** What tests of the whole machine share: a store in memory, scripts, and a simulation. */
@NullMarked
package io.stanchion.raftsm;

import org.jspecify.annotations.NullMarked;
