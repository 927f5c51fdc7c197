package io.stanchion.chaos.cluster;

import java.util.List;
import java.util.Map;

/**
 * In what a node's process is started.
 *
 * @param prefix what comes before the launcher on the command line
 */
record Surroundings(List<String> prefix, Map<String, String> environment) {
    static final Surroundings NONE = new Surroundings(List.of(), Map.of());

    Surroundings {
        prefix = List.copyOf(prefix);
        environment = Map.copyOf(environment);
    }
}
