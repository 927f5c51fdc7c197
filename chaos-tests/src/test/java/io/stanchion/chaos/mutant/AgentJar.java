package io.stanchion.chaos.mutant;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A jar with the agent and the class that it shall put in the place of the server's. */
final class AgentJar {
    private AgentJar() {}

    /** Returns the option with which a JVM of the server runs the broken class. */
    static String optionFor(Path folder, String className, byte[] broken) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(new Attributes.Name("Premain-Class"), MutantAgent.class.getName());
        Path jar = folder.resolve("mutant.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (String name : List.of("MutantAgent", "MutantAgent$Replacement", "AgentJar")) {
                String path = "/" + AgentJar.class.getPackageName().replace('.', '/') + "/" + name + ".class";
                try (InputStream in = Objects.requireNonNull(AgentJar.class.getResourceAsStream(path))) {
                    add(out, path, in.readAllBytes());
                }
            }
            add(out, resource(className), broken);
        }
        return "-javaagent:" + jar + "=" + className;
    }

    /** Where the broken class lies; not where a class loader would look for it. */
    static String resource(String className) {
        return "/broken/" + className + ".class";
    }

    private static void add(JarOutputStream jar, String resource, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(resource.substring(1)));
        jar.write(content);
    }
}
