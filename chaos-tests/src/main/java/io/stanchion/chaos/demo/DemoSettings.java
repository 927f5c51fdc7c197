package io.stanchion.chaos.demo;

import java.util.List;

/**
 * What the command line asked for.
 *
 * @param ratePerSecond 0 means as fast as acknowledgements allow
 */
record DemoSettings(List<Integer> ports, int messages, int ratePerSecond, int payloadBytes, boolean keep, long seed) {
    DemoSettings {
        ports = List.copyOf(ports);
    }
}
