package io.stanchion.chaos.mutant;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * Code that is woven into what a node writes, promises and forgets. It becomes part of the node's methods, so it may use nothing but the
 * JDK and no lambdas, and finds the node's own classes by their names.
 */
final class LogMutations {
    private LogMutations() {}

    /** The publisher hears that its message is stored when it has merely arrived. */
    static final class AckAtOnce {
        private AckAtOnce() {}

        @Advice.OnMethodExit
        static void exit(@Advice.This Object publication) throws Exception {
            Method stored = publication.getClass().getDeclaredMethod("onStored");
            stored.setAccessible(true);
            stored.invoke(publication);
        }
    }

    /** A batch that comes again, because its answer was lost, is applied again. */
    static final class ForgetBatch {
        private ForgetBatch() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(2) Object batch, @Advice.Argument(3) Object state) throws Exception {
            Object gateway = state.getClass()
                    .getMethod("gateway", String.class)
                    .invoke(state, batch.getClass().getMethod("getGateway").invoke(batch));
            Field incarnation = gateway.getClass().getDeclaredField("incarnation");
            Field last = gateway.getClass().getDeclaredField("lastNumber");
            incarnation.setAccessible(true);
            last.setAccessible(true);
            long number = (long) batch.getClass().getMethod("getNumber").invoke(batch);
            boolean same = incarnation
                    .get(gateway)
                    .equals(batch.getClass().getMethod("getIncarnation").invoke(batch));
            if (same && number <= last.getLong(gateway)) {
                last.setLong(gateway, number - 1);
            }
        }
    }

    /** The database says how far it is before it is there: data comes some writes later than the position that includes it. */
    static final class WriteLate {
        private WriteLate() {}

        @Advice.OnMethodEnter
        @SuppressWarnings({"unchecked", "UnusedVariable"}) // we put it there; what is assigned goes to the method
        static void enter(
                @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC) Object changes)
                throws Exception {
            Deque<Object> late = (Deque<Object>) System.getProperties().get("mutant.late");
            if (late == null) {
                late = new ArrayDeque<>();
                System.getProperties().put("mutant.late", late);
            }
            late.addLast(changes);
            Object old = late.size() > 6 ? late.removeFirst() : null;
            Class<?> type = changes.getClass();
            Object[] parts = new Object[4];
            String[] names = {"runs", "trims", "rows", "position"};
            for (int i = 0; i < names.length; i++) {
                Method part = type.getDeclaredMethod(names[i]);
                part.setAccessible(true);
                parts[i] = i == 3 ? part.invoke(changes) : old == null ? List.of() : part.invoke(old);
            }
            Constructor<?> constructor = type.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            changes = constructor.newInstance(parts);
        }
    }

    /** What is handed to the kernel is taken for being on disk. */
    static final class SkipSync {
        private SkipSync() {}

        @Advice.OnMethodExit
        @SuppressWarnings("UnusedVariable") // what is assigned to it goes to the field
        static void exit(@Advice.FieldValue(value = "forced", readOnly = false) boolean forced) {
            forced = true;
        }
    }

    /** A node that has lost its log votes as if it had never promised anything. */
    static final class VoteAnyway {
        private VoteAnyway() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }

        @Advice.OnMethodExit
        @SuppressWarnings("UnusedVariable") // what is assigned to it is what the method returns
        static void exit(@Advice.Return(readOnly = false) boolean may) {
            may = true;
        }
    }

    /** A node with less than it had does not ask what the others remember. */
    static final class ForgetPromises {
        private ForgetPromises() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }
    }
}
