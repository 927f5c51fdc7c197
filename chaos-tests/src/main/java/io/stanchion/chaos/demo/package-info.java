/** The command that shows a three-node cluster losing its leader without losing a message. */
@NullMarked
package io.stanchion.chaos.demo;

import org.jspecify.annotations.NullMarked;
