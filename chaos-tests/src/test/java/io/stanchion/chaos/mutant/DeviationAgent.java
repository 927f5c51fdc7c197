package io.stanchion.chaos.mutant;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.List;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * {@code -javaagent:mutants.jar=NAME} makes a node deviate when a file appears beside its configuration: the next call of the method that
 * is named does nothing, and removes the file.
 */
public final class DeviationAgent {
    static final String TRIGGER = "deviate";
    static final String TRIGGER_PROPERTY = "stanchion.test.deviate";

    private DeviationAgent() {}

    public static void premain(String name, Instrumentation instrumentation) {
        List<String> arguments =
                List.of(System.getProperty("sun.java.command", "").split(" ", -1));
        int configuration = arguments.indexOf("-c") + 1;
        System.setProperty(
                TRIGGER_PROPERTY,
                Path.of(arguments.get(configuration)).resolveSibling(TRIGGER).toString());
        Deviation deviation = Deviation.valueOf(name);
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .type(named(deviation.className))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(SkipOnce.class).on(named(deviation.method))))
                .installOn(instrumentation);
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
