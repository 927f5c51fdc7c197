/** The entry of the commands that start clusters of their own. */
@NullMarked
package io.stanchion.chaos;

import org.jspecify.annotations.NullMarked;
