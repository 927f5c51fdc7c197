/** The replicated state: plain objects, owned by the apply thread, changed by commands only. */
@NullMarked
package io.stanchion.raftsm.model;

import org.jspecify.annotations.NullMarked;
