/** Servers that are broken on purpose. An agent gives the nodes other class files: what is shipped knows nothing of it. */
@NullMarked
package io.stanchion.chaos.mutant;

import org.jspecify.annotations.NullMarked;
