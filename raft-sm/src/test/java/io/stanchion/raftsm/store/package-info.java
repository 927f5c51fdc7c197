/** Tests of the store, on real databases in temporary directories. */
@NullMarked
package io.stanchion.raftsm.store;

import org.jspecify.annotations.NullMarked;
