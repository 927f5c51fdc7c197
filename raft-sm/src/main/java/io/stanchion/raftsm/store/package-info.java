/** RocksDB: the fast copy of the log. */
@NullMarked
package io.stanchion.raftsm.store;

import org.jspecify.annotations.NullMarked;
