package io.stanchion.chaos.profile;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param time how long strikes are repeated; one happens in any case
 * @param perSecond publishes of all clients together
 * @param folder where histories and logs go
 */
record RoundSettings(long seed, Duration time, int perSecond, Path folder) {}
