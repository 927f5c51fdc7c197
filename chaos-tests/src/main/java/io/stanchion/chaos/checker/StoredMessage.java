package io.stanchion.chaos.checker;

import io.stanchion.chaos.workload.Stamp;
import org.jspecify.annotations.Nullable;

/** A message as it lies on a disk. Without a stamp it is damaged, or nobody's. */
public record StoredMessage(
        long sequence, long timestamp, @Nullable Stamp stamp) {}
