package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.History;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** When the connections of clients broke, as far as their library has told. */
final class Breaks {
    /** The library tells of a break when it notices, a little later. */
    static final long NOTICE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Map<Owner, NavigableSet<Long>> moments = new HashMap<>();

    /** One connection of a process: that of its residents has the name of the process, and a guest's its own. */
    private record Owner(String process, String client) {}

    private Breaks() {}

    /** @param actions by which a break shows: a link that is gone, and for some also a session that is opened anew */
    static Breaks in(History history, Action... actions) {
        Breaks breaks = new Breaks();
        Set<Action> wanted = Set.of(actions);
        history.select(event -> wanted.contains(event.action()))
                .forEach(event -> breaks.moments
                        .computeIfAbsent(new Owner(event.process(), event.party()), owner -> new TreeSet<>())
                        .add(event.nanos()));
        return breaks;
    }

    /** Whether the connection of the residents of a process broke in this time, ends included. */
    boolean any(String process, long from, long to) {
        return any(process, process, from, to);
    }

    /** Whether the connection of this client in a process broke in this time, ends included. */
    boolean any(String process, String client, long from, long to) {
        Long first = moments.getOrDefault(new Owner(process, client), new TreeSet<>())
                .ceiling(from);
        return first != null && first <= to;
    }

    /** The connection with which the operation of an event was done: sessions are opened and closed in their own name. */
    boolean duringOperation(Event invoked, Event ended) {
        String client = invoked.channel().isEmpty() ? invoked.party() : invoked.process();
        return any(invoked.process(), client, invoked.nanos(), ended.nanos());
    }
}
