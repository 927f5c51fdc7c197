/** What must hold when real processes die. */
@NullMarked
package io.stanchion.chaos.failover;

import org.jspecify.annotations.NullMarked;
