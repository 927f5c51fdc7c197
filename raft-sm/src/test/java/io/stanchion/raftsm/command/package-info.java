/** Tests of the codec, the check and the gateway record. */
@NullMarked
package io.stanchion.raftsm.command;

import org.jspecify.annotations.NullMarked;
