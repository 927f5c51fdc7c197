package io.stanchion.chaos.profile;

import io.stanchion.chaos.history.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Nobody has written into a history for some time: nothing is delivered any more, and nothing expires. */
final class Stillness {
    private final Path folder;
    private final long nanos;
    private long bytes = -1;
    private long sinceNanos;

    Stillness(Path folder, long nanos) {
        this.folder = folder;
        this.nanos = nanos;
    }

    boolean isReached() {
        long now = size();
        if (now != bytes) {
            bytes = now;
            sinceNanos = System.nanoTime();
        }
        return System.nanoTime() - sinceNanos >= nanos;
    }

    private long size() {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> histories = files.filter(file -> file.toString().endsWith(History.SUFFIX))
                    .toList();
            long sum = 0;
            for (Path history : histories) {
                sum += Files.size(history);
            }
            return sum;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
