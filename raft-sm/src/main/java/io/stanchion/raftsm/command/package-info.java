/** What log entries ask for: one file per command, with its data, its decision and the reason, and the code that applies them. */
@NullMarked
package io.stanchion.raftsm.command;

import org.jspecify.annotations.NullMarked;
