/** Clusters in one JVM, tested through sockets: with the public client libraries, and byte by byte where those hide too much. */
@NullMarked
package io.stanchion.node.it;

import org.jspecify.annotations.NullMarked;
