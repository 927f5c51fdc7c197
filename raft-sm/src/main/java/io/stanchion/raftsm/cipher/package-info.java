/** Encryption at rest: one key for a cluster, made from its operator's passphrase, and what is sealed with it in the log and in RocksDB. */
@NullMarked
package io.stanchion.raftsm.cipher;

import org.jspecify.annotations.NullMarked;
