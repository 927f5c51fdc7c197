/** Tests of single parts of the model. */
@NullMarked
package io.stanchion.raftsm.model;

import org.jspecify.annotations.NullMarked;
