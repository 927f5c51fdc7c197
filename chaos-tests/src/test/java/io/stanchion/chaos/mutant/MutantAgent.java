package io.stanchion.chaos.mutant;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/** {@code -javaagent:mutants.jar=NAME} makes the node that mutant. */
public final class MutantAgent {
    private MutantAgent() {}

    public static void premain(String name, Instrumentation instrumentation) {
        Mutant mutant = Mutant.valueOf(name);
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(AgentBuilder.Listener.StreamWriting.toSystemError().withErrorsOnly())
                .type(named(mutant.className))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(mutant.advice).on(named(mutant.method))))
                .installOn(instrumentation);
    }
}
