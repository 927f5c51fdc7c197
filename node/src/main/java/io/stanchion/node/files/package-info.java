/** Words about files, for all parts that tell an operator of one. Nobody owns them. */
@NullMarked
package io.stanchion.node.files;

import org.jspecify.annotations.NullMarked;
