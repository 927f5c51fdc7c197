/** The log as operators and scripts of nats-server know it. Nothing else in the node knows which logging library there is. */
@NullMarked
package io.stanchion.node.log;

import org.jspecify.annotations.NullMarked;
