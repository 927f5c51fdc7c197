package io.stanchion.node;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals of the operating system. The JDK has no other door to them than {@code sun.misc.Signal}, of which its compiler warns in a way that
 * cannot be answered; so it is called by name.
 */
final class ProcessSignals {
    /** What a shell reports of a process that a signal ended is this plus the signal's number. */
    static final int STATUS_BASE = 128;

    /**
     * Names another signal for what HotSpot uses SIGUSR2 for by itself, to stop threads that it looks at; the launcher sets it. Without, that
     * signal is not ours.
     */
    static final String FREES_USR2 = "_JAVA_SR_SIGNUM";

    private ProcessSignals() {}

    /** Calls with the number of the signal, each time on a thread of its own; nothing else is done about the signal from now on. */
    static void on(String name, Consumer<Integer> action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object calling = Proxy.newProxyInstance(
                    ProcessSignals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.accept(
                                    (Integer) signal.getMethod("getNumber").invoke(arguments[0]));
                            return null;
                        }
                        return switch (method.getName()) {
                            case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> name;
                        };
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), calling);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the JVM keeps SIG" + name + " for itself", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM knows no signals; it has no module jdk.unsupported", e);
        }
    }
}
