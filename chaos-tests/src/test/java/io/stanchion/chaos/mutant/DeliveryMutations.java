package io.stanchion.chaos.mutant;

import net.bytebuddy.asm.Advice;

/** Code that is woven into what a node delivers. It becomes part of them, so it may use nothing but the JDK. */
final class DeliveryMutations {
    private DeliveryMutations() {}

    /** A redelivery looks like a first delivery. */
    static final class DropFlag {
        private DropFlag() {}

        @Advice.OnMethodEnter
        @SuppressWarnings("UnusedVariable") // what is assigned to it goes to the field
        static void enter(@Advice.FieldValue(value = "redeliveryCount", readOnly = false) int redeliveryCount) {
            redeliveryCount = 0;
        }
    }

    /** A first delivery looks like a redelivery. */
    static final class SetFlag {
        private SetFlag() {}

        @Advice.OnMethodEnter
        @SuppressWarnings("UnusedVariable") // what is assigned to it goes to the field
        static void enter(@Advice.FieldValue(value = "redeliveryCount", readOnly = false) int redeliveryCount) {
            redeliveryCount++;
        }
    }

    /** The messages of a page go out from the last to the first. */
    static final class Reorder {
        private Reorder() {}

        @Advice.OnMethodEnter
        static void enter(
                @Advice.Argument(value = 0, readOnly = false) int index, @Advice.FieldValue("count") int count) {
            index = count - 1 - index;
        }
    }

    /** An acknowledgement is applied to its message, and to the next one, which may have been lost on its way. */
    static final class AckNextToo {
        private AckNextToo() {}

        @Advice.OnMethodEnter
        @SuppressWarnings("UnusedVariable") // what is assigned to it goes to the argument
        static void enter(@Advice.Argument(value = 1, readOnly = false) long last) {
            last++;
        }
    }
}
