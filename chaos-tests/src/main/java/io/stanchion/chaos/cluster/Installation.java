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
     * The launcher. It names its own folder in the property {@code stanchion.home} when it starts us; otherwise we look upwards from
     * our own classes and from the working directory.
     */
    public static Path launcher() {
        String home = System.getProperty("stanchion.home");
        if (home != null) {
            return executable(Path.of(home, "bin", "stanchion"));
        }
        Path found = upwardsFrom(ownLocation());
        if (found == null) {
            found = upwardsFrom(Path.of("").toAbsolutePath());
        }
        if (found == null) {
            throw new ClusterException("cannot find deploy/bin/stanchion above "
                    + Path.of("").toAbsolutePath() + "; run this from a checkout, or set -Dstanchion.home=FOLDER");
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
