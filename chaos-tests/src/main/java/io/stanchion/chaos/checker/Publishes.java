package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.History;
import io.stanchion.chaos.history.Phase;
import io.stanchion.chaos.workload.Stamp;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What became of each publish, by its stamp. */
public final class Publishes {
    private final Map<Stamp, Publish> byStamp = new LinkedHashMap<>();

    private Publishes() {}

    /** One publish; without an end, nobody knows what became of it. */
    public record Publish(
            Stamp stamp, Event invoked, @Nullable Event ended) {
        public boolean isAcknowledged() {
            return ended != null && ended.phase() == Phase.OK;
        }

        public boolean isRefused() {
            return ended != null && ended.phase() == Phase.FAIL;
        }

        /** When the acknowledgement was in; at the end of time if there was none. */
        public long acknowledgedNanos() {
            Event end = ended;
            return end != null && end.phase() == Phase.OK ? end.nanos() : Long.MAX_VALUE;
        }

        public List<Event> evidence() {
            Event end = ended;
            return end == null ? List.of(invoked) : List.of(invoked, end);
        }
    }

    static Publishes of(History history) {
        Publishes publishes = new Publishes();
        history.select(event -> event.action() == Action.PUBLISH).forEach(publishes::add);
        return publishes;
    }

    private void add(Event event) {
        Stamp stamp = new Stamp(event.writer(), event.counter(), event.channel());
        if (event.phase() == Phase.INVOKE) {
            byStamp.put(stamp, new Publish(stamp, event, null));
        } else {
            byStamp.computeIfPresent(stamp, (known, publish) -> new Publish(known, publish.invoked(), event));
        }
    }

    public @Nullable Publish of(Stamp stamp) {
        return byStamp.get(stamp);
    }

    public Collection<Publish> all() {
        return byStamp.values();
    }

    public Stream<Publish> acknowledged() {
        return byStamp.values().stream().filter(Publish::isAcknowledged);
    }
}
