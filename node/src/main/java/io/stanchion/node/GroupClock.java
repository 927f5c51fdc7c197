package io.stanchion.node;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The time that the wall clocks of a majority of the nodes have reached; clocks that nobody knows confirm nothing. With all clocks known it
 * is the one in the middle, so a minority of wrong ones, ahead or behind, makes no difference. While fewer than a majority are known there is
 * nothing to go by but this node's own. Thread-safe.
 */
final class GroupClock implements InstantSource {
    private final InstantSource own;
    private final Supplier<List<Long>> others;
    private final IntSupplier otherNodes;

    /**
     * @param others what the clocks of other nodes show, Unix nanoseconds
     * @param otherNodes how many there are, known or not
     */
    GroupClock(InstantSource own, Supplier<List<Long>> others, IntSupplier otherNodes) {
        this.own = own;
        this.others = others;
        this.otherNodes = otherNodes;
    }

    @Override
    public Instant instant() {
        Instant here = own.instant();
        int majority = (otherNodes.getAsInt() + 1) / 2 + 1;
        List<Instant> known = new ArrayList<>();
        known.add(here);
        others.get().forEach(nanos -> known.add(Instant.ofEpochSecond(0, nanos)));
        if (known.size() < majority) {
            return here;
        }
        known.sort(Comparator.reverseOrder());
        return known.get(majority - 1);
    }
}
