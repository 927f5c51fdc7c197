/** Publishers and durable subscribers built on the public client libraries, and the records that judge what they saw. */
@NullMarked
package io.stanchion.chaos.workload;

import org.jspecify.annotations.NullMarked;
