package io.stanchion.chaos.cluster;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/** Finds the launcher that starts a node, in a checkout as well as in an unpacked archive. */
public final class Installation {
    private Installation() {}

    /**
     * The launcher. Looked for in the property {@code stanchion.launcher}, then upwards from our own classes, then upwards from
     * the working directory.
     */
    public static Path launcher() {
        String given = System.getProperty("stanchion.launcher");
        if (given != null) {
            return executable(Path.of(given));
        }
        Path found = upwardsFrom(ownLocation());
        if (found == null) {
            found = upwardsFrom(Path.of("").toAbsolutePath());
        }
        if (found == null) {
            throw new ClusterException("cannot find deploy/bin/stanchion above "
                    + Path.of("").toAbsolutePath() + "; run this from a checkout, or set -Dstanchion.launcher=FILE");
        }
        return found;
    }

    private static @Nullable Path upwardsFrom(@Nullable Path start) {
        for (Path dir = start; dir != null; dir = dir.getParent()) {
            for (String place : new String[] {"deploy/bin/stanchion", "bin/stanchion"}) {
                Path candidate = dir.resolve(place);
                if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    private static Path executable(Path file) {
        if (!Files.isExecutable(file)) {
            throw new ClusterException(file + " is not an executable file");
        }
        return file;
    }

    private static @Nullable Path ownLocation() {
        CodeSource source = Installation.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return null;
        }
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null; // not a file, so there is nothing above it
        }
    }
}
