/** The faults that are inflicted on a running cluster, one class for each kind, and what each of them needs. */
@NullMarked
package io.stanchion.chaos.nemesis;

import org.jspecify.annotations.NullMarked;
