package io.stanchion.chaos.mutant;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.ByteBuddy;

/** The classes of this package in a jar that says it is an agent. */
final class AgentJar {
    private AgentJar() {}

    static Path write(Path folder, Class<?> agent) throws IOException, URISyntaxException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(new Attributes.Name("Premain-Class"), agent.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH, placeOf(ByteBuddy.class).toUri().toString());
        Path classes = placeOf(agent);
        Path jar = folder.resolve("mutants.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                var all = Files.list(classes.resolve(agent.getPackageName().replace('.', '/')))) {
            for (Path source : all.toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(source).toString()));
                Files.copy(source, out);
            }
        }
        return jar;
    }

    private static Path placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
