package io.stanchion.chaos.mutant;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.pool.TypePool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MutantTest {
    /** A fault that could not be inflicted, or a machine that has no room, says nothing about the server. */
    @ParameterizedTest
    @EnumSource
    void shouldNotBeFoundOutByAFaultThatFails(Mutant mutant) {
        assertThat(List.of("fault", "cluster", "rest")).noneMatch(judge -> judge.matches(mutant.judges));
    }

    /** A method that has got another name would leave the server whole, and the mutant would seem to survive. */
    @ParameterizedTest
    @EnumSource
    void shouldFitIntoTheMethodThatItBreaks(Mutant mutant) throws Exception {
        ClassFileLocator classes = ClassFileLocator.ForClassLoader.of(MutantTest.class.getClassLoader());
        TypeDescription type =
                TypePool.Default.of(classes).describe(mutant.className).resolve();
        assertThat(type.getDeclaredMethods().filter(named(mutant.method))).isNotEmpty();

        try (DynamicType.Unloaded<?> broken = new ByteBuddy()
                .redefine(type, classes)
                .visit(Advice.to(mutant.advice).on(named(mutant.method)))
                .make()) {
            assertThat(broken.getBytes())
                    .isNotEqualTo(classes.locate(mutant.className).resolve());
        }
    }
}
