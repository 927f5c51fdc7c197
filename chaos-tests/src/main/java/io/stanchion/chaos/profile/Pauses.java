package io.stanchion.chaos.profile;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.History;
import io.stanchion.chaos.history.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long publishers heard nothing, strike by strike. */
final class Pauses {
    /** What the judge says when a strike is over. */
    static final String HEALED = "all nodes are ready";

    private Pauses() {}

    /** For each strike, from its first word until the cluster was whole again, the longest time without an acknowledgement, in ms. */
    static List<Long> of(History history) {
        List<Long> acks =
                history.select(Action.PUBLISH, Phase.OK).map(Event::nanos).toList();
        List<Long> pauses = new ArrayList<>();
        Event begin = null;
        for (Event fault : history.select(Action.FAULT, Phase.INFO).toList()) {
            if (begin == null && !fault.note().equals(HEALED)) {
                begin = fault;
            } else if (begin != null && fault.note().equals(HEALED)) {
                pauses.add(TimeUnit.NANOSECONDS.toMillis(longest(acks, begin.nanos(), fault.nanos())));
                begin = null;
            }
        }
        return pauses;
    }

    /** One that goes on at the end counts until its own end. */
    private static long longest(List<Long> acks, long from, long to) {
        long last = from;
        long longest = 0;
        for (long ack : acks) {
            if (ack < from) {
                continue;
            }
            longest = Math.max(longest, ack - last);
            last = ack;
            if (ack > to) {
                return longest;
            }
        }
        return Math.max(longest, to - last);
    }
}
