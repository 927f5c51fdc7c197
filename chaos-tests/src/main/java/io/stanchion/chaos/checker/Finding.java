package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Event;
import java.util.List;

/**
 * A broken promise.
 *
 * @param what one sentence
 * @param evidence the events that show it; a report prints what else happened between the first and the last of them
 */
public record Finding(String checker, String what, List<Event> evidence) {
    public Finding {
        evidence = List.copyOf(evidence);
    }
}
