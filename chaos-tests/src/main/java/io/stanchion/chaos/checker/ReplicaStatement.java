package io.stanchion.chaos.checker;

/**
 * What a node says of its replica, compared with the others.
 *
 * @param equalIndex the last log index at which it was what a majority has; 0 if there was none
 * @param digest at that index
 * @param mismatches how often it has found itself or another to differ, since it was started
 */
public record ReplicaStatement(String node, long equalIndex, String digest, long mismatches) {}
