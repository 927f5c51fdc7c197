package io.stanchion.chaos.profile;

import io.stanchion.chaos.nemesis.Nemesis;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** In which order faults have their turn. */
final class Matrix {
    private Matrix() {}

    /**
     * As the seed decides, and of each family one before any has a second turn: a short run shall meet as many kinds as it can, and runs
     * with different seeds shall meet all of them.
     */
    static List<Nemesis> order(Collection<Nemesis> nemeses, long seed) {
        List<Nemesis> shuffled = new ArrayList<>(nemeses);
        Collections.shuffle(shuffled, new Random(seed));
        Map<String, Deque<Nemesis>> families = new LinkedHashMap<>();
        shuffled.forEach(nemesis -> families.computeIfAbsent(familyOf(nemesis), name -> new ArrayDeque<>())
                .add(nemesis));
        List<Nemesis> order = new ArrayList<>();
        while (order.size() < shuffled.size()) {
            families.values().stream()
                    .filter(family -> !family.isEmpty())
                    .forEach(family -> order.add(family.remove()));
        }
        return order;
    }

    /** The first word of a name says what is done, the rest to whom. */
    private static String familyOf(Nemesis nemesis) {
        String name = nemesis.name();
        return name.substring(0, name.indexOf('-'));
    }
}
