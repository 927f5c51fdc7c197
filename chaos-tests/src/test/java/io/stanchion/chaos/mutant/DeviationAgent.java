package io.stanchion.chaos.mutant;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.File;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;

/**
 * {@code -javaagent:mutants.jar=NAME} makes a node deviate when a file appears beside its configuration: the next call of the method that
 * is named does nothing, and removes the file.
 */
public final class DeviationAgent {
    static final String TRIGGER = "deviate";

    private DeviationAgent() {}

    public static void premain(String name, Instrumentation instrumentation) {
        List<String> arguments =
                List.of(System.getProperty("sun.java.command", "").split(" ", -1));
        int configuration = arguments.indexOf("-c") + 1;
        System.setProperty(
                "stanchion.test.deviate",
                Path.of(arguments.get(configuration)).resolveSibling(TRIGGER).toString());
        instrumentation.addTransformer(new Weaver(Deviation.valueOf(name)));
    }

    /** Looks at one class only, so that the node starts as fast as ever. */
    private record Weaver(Deviation deviation) implements ClassFileTransformer {
        @Override
        public byte[] transform(
                ClassLoader loader, String name, Class<?> before, ProtectionDomain domain, byte[] classFile) {
            if (!deviation.className.replace('.', '/').equals(name)) {
                return null; // as it is
            }
            ClassFileLocator files = new ClassFileLocator.Compound(
                    ClassFileLocator.Simple.of(deviation.className, classFile),
                    ClassFileLocator.ForClassLoader.of(loader));
            return new ByteBuddy()
                    .redefine(
                            TypePool.Default.of(files)
                                    .describe(deviation.className)
                                    .resolve(),
                            files)
                    .visit(Advice.to(SkipOnce.class).on(named(deviation.method)))
                    .make()
                    .getBytes();
        }
    }

    /** Becomes a part of the method, so it may use nothing but the JDK. */
    static final class SkipOnce {
        private SkipOnce() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return new File(System.getProperty("stanchion.test.deviate")).delete();
        }
    }
}
