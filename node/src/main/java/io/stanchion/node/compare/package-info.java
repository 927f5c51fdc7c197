/** Whether the replicas are equal: they compare digests of their states, by way of the log, and one that is alone with its own is wrong. */
@NullMarked
package io.stanchion.node.compare;

import org.jspecify.annotations.NullMarked;
