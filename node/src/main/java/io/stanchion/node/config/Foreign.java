package io.stanchion.node.config;

import java.util.function.Function;

/**
 * A setting of the reference that we do not obey as it does. Its value is checked like any other; then it is either refused, or accepted
 * with a line in the log.
 *
 * @param remark why it has no effect here, and what to use instead; empty if this value needs no word
 */
record Foreign<T>(Setting<T> setting, boolean refused, Function<T, String> remark) {
    /** @param key as it was written */
    void judge(T value, Place place, String key, Problems problems) {
        String said = remark.apply(value);
        if (said.isEmpty()) {
            return;
        }
        String what = place.line() == 0 ? "" : setting.section().pathOf(key) + ": ";
        if (refused) {
            problems.add(place, what + said);
        } else {
            problems.warn(place, what + said);
        }
    }
}
