package io.stanchion.gateway.core;

import java.util.Arrays;

/** Arrays that are never changed, only copied. */
final class CopiedArrays {
    private CopiedArrays() {}

    static <T> T[] with(T[] array, T added) {
        T[] copy = Arrays.copyOf(array, array.length + 1);
        copy[array.length] = added;
        return copy;
    }

    /** Without the first element that equals {@code removed}; the array itself if there is none. */
    static <T> T[] without(T[] array, T removed) {
        int index = Arrays.asList(array).indexOf(removed);
        if (index < 0) {
            return array;
        }
        T[] copy = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, index + 1, copy, index, copy.length - index);
        return copy;
    }

    static <T> T[] joined(T[] first, T[] second) {
        if (first.length == 0) {
            return second;
        }
        T[] copy = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, copy, first.length, second.length);
        return copy;
    }
}
