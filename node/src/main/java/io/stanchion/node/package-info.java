/** One node, put together: everything is built, started and stopped here, in order. */
@NullMarked
package io.stanchion.node;

import org.jspecify.annotations.NullMarked;
