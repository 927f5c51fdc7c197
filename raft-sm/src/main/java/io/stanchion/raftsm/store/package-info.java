/** RocksDB: the fast copy of the log, how messages are read from it, and how other nodes copy it. */
@NullMarked
package io.stanchion.raftsm.store;

import org.jspecify.annotations.NullMarked;
