/** Tests of encryption at rest. */
@NullMarked
package io.stanchion.raftsm.cipher;

import org.jspecify.annotations.NullMarked;
