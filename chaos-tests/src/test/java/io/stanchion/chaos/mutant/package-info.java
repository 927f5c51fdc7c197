/** Servers that are broken on purpose. An agent changes their classes while they are loaded: what is shipped knows nothing of it. */
@NullMarked
package io.stanchion.chaos.mutant;

import org.jspecify.annotations.NullMarked;
