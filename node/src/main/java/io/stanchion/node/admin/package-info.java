/** The operator's command line for a running cluster: who belongs to it, and who leads. */
@NullMarked
package io.stanchion.node.admin;

import org.jspecify.annotations.NullMarked;
