package io.stanchion.chaos.cluster;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What a cluster must be made of so that a fault can reach it.
 *
 * @param nodes how many nodes at least
 * @param parts what the machine has to provide
 * @param settings lines for the {@code streaming} block of each node's configuration
 */
public record ClusterNeeds(int nodes, Set<Part> parts, List<String> settings) {
    /** Three processes on loopback. */
    public static final ClusterNeeds PLAIN = of();

    /** Whether a machine has a part is found by trying, which takes a moment, and does not change while we run. */
    private static final Map<Part, Optional<String>> OBSTACLES = new ConcurrentHashMap<>();

    /** Something between a node and the machine. */
    public enum Part {
        /** Each node has its own network name space, and links that can be cut. */
        NETWORKS,
        /** The links of the nodes can also lose, delay and slow down what they carry. */
        ROUGH_WIRES,
        /** Each node's data is on its own small file system, which can lose power or fill up. */
        DISKS,
        /** Each node's clock and its calls to the disk go through a library that can lie to it. */
        LIBC;

        private Optional<String> tryOut() {
            return switch (this) {
                case NETWORKS -> NodeNetworks.obstacle();
                case ROUGH_WIRES -> RoughWires.obstacle();
                case DISKS -> NodeDisks.obstacle();
                case LIBC -> LyingLibc.obstacle();
            };
        }
    }

    public ClusterNeeds {
        parts = Set.copyOf(parts);
        settings = List.copyOf(settings);
    }

    /** Three nodes with these parts. */
    public static ClusterNeeds of(Part... parts) {
        Set<Part> wanted = EnumSet.noneOf(Part.class);
        wanted.addAll(List.of(parts));
        return new ClusterNeeds(3, wanted, List.of());
    }

    public ClusterNeeds ofSize(int size) {
        return new ClusterNeeds(size, parts, settings);
    }

    /** With these settings after its own. */
    public ClusterNeeds andSettings(String... lines) {
        return new ClusterNeeds(
                nodes, parts, Stream.concat(settings.stream(), Stream.of(lines)).toList());
    }

    boolean has(Part part) {
        return parts.contains(part);
    }

    /** Why this machine cannot provide it; empty if it can. */
    public Optional<String> obstacle() {
        return Stream.of(Part.values())
                .filter(this::has)
                .map(part -> OBSTACLES.computeIfAbsent(part, Part::tryOut))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
