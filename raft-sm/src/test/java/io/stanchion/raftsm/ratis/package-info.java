/** Tests of the adapter, on real Ratis groups in one JVM. */
@NullMarked
package io.stanchion.raftsm.ratis;

import org.jspecify.annotations.NullMarked;
