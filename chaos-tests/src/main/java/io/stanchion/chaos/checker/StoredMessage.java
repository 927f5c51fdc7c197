package io.stanchion.chaos.checker;

import io.stanchion.chaos.workload.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * A message as it lies on a disk.
 *
 * @param bytes as a channel's limits count them
 * @param stamp without one it is damaged, or nobody's
 */
public record StoredMessage(
        long sequence, long timestamp, int bytes, @Nullable Stamp stamp) {}
