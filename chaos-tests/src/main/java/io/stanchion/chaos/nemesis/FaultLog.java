package io.stanchion.chaos.nemesis;

/** Where a nemesis says what it did; whoever listens adds the time. */
@FunctionalInterface
public interface FaultLog {
    void say(String what);
}
