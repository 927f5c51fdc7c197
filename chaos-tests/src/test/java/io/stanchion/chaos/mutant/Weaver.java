package io.stanchion.chaos.mutant;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.pool.TypePool;

/** Breaks classes of the server without loading them. */
final class Weaver {
    private static final ClassFileLocator CLASSES = ClassFileLocator.ForClassLoader.of(Weaver.class.getClassLoader());

    private Weaver() {}

    /**
     * The class file of that class, with the advice in all methods of that name.
     *
     * @throws IllegalArgumentException if the class has no such method: it would stay whole, and its mutant would seem to survive
     */
    static byte[] weave(String className, String method, Class<?> advice) throws IOException {
        TypeDescription type = TypePool.Default.of(CLASSES).describe(className).resolve();
        if (type.getDeclaredMethods().filter(named(method)).isEmpty()) {
            throw new IllegalArgumentException(className + " has no method " + method);
        }
        try (DynamicType.Unloaded<?> broken = new ByteBuddy()
                .redefine(type, CLASSES)
                .visit(Advice.to(advice).on(named(method)))
                .make()) {
            return broken.getBytes();
        }
    }

    /** The class file as it is. */
    static byte[] whole(String className) throws IOException {
        return CLASSES.locate(className).resolve();
    }
}
