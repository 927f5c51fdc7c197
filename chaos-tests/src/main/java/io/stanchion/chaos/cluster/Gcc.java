package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Compiles the few lines of C that come with this package, where no JDK class reaches. */
final class Gcc {
    private Gcc() {}

    /** Writes the resource into the folder, and what it is compiled to beside it. */
    static Path compile(Path folder, String resource, String target, String... flags) {
        Path source = folder.resolve(resource);
        Path result = folder.resolve(target);
        try (InputStream in = Objects.requireNonNull(Gcc.class.getResourceAsStream(resource))) {
            Files.createDirectories(folder);
            Files.copy(in, source);
        } catch (IOException e) {
            throw new ClusterException("cannot write " + source + ": " + e.getMessage(), e);
        }
        List<String> command = new ArrayList<>(List.of("gcc", "-O2"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-o", result.toString(), source.toString(), "-ldl"));
        MachineCommand.run(command.toArray(String[]::new));
        return result;
    }
}
