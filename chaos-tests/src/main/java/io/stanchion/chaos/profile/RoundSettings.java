package io.stanchion.chaos.profile;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param time how long strikes are repeated; one happens in any case
 * @param perSecond publishes of all clients together
 * @param pauseMax how long nobody may be acknowledged a publish while a majority is there; longer where the machine has other work, too
 * @param readyMax how long a node may take to be ready, and nodes to be equal
 * @param folder where histories and logs go
 */
record RoundSettings(long seed, Duration time, int perSecond, Duration pauseMax, Duration readyMax, Path folder) {
    /** Above any pause that is allowed. Not much: each round waits once that long for what got lost on the way. */
    int clientPatienceSeconds() {
        return (int) pauseMax.toSeconds() + 5;
    }
}
