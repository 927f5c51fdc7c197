package io.stanchion.chaos.mutant;

import java.io.File;
import net.bytebuddy.asm.Advice;

/** How one replica can become another than the rest: apply does nothing where it should, once. */
enum Deviation {
    MESSAGE_LOST("io.stanchion.raftsm.model.Channel", "append"),
    ACK_FORGOTTEN("io.stanchion.raftsm.model.Pending", "removeAll");

    /** A file of this name beside a node's configuration tells it to deviate. */
    static final String TRIGGER = "deviate";

    final String className;
    final String method;

    Deviation(String className, String method) {
        this.className = className;
        this.method = method;
    }

    /** The next call does nothing, and removes the trigger. Becomes a part of the method, so it may use nothing but the JDK. */
    static final class SkipOnce {
        private SkipOnce() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            String[] arguments =
                    System.getProperty("sun.java.command").split(" -c ", 2)[1].split(" ", 2);
            return new File(new File(arguments[0]).getParentFile(), TRIGGER).delete();
        }
    }
}
