package io.stanchion.chaos.mutant;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Objects;

/**
 * {@code -javaagent:mutant.jar=CLASS} gives the JVM the class file of that class which lies in the agent's jar, in place of the server's. It
 * was made beforehand, so the server starts as fast as ever.
 */
public final class MutantAgent {
    private MutantAgent() {}

    public static void premain(String className, Instrumentation instrumentation) throws IOException {
        try (InputStream file = MutantAgent.class.getResourceAsStream(AgentJar.resource(className))) {
            instrumentation.addTransformer(new Replacement(
                    className.replace('.', '/'), Objects.requireNonNull(file).readAllBytes()));
        }
    }

    /** Looks at the one class only. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
    private record Replacement(String path, byte[] broken) implements ClassFileTransformer {
        @Override
        public byte[] transform(
                ClassLoader loader, String name, Class<?> before, ProtectionDomain domain, byte[] classFile) {
            return path.equals(name) ? broken : null; // null: as it is
        }
    }
}
