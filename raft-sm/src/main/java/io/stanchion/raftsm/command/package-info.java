/** One file per command: its data, its decision and the reason. */
@NullMarked
package io.stanchion.raftsm.command;

import org.jspecify.annotations.NullMarked;
