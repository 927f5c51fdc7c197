package io.stanchion.raftsm.model;

import java.util.List;

/** Something about this replica that its own node must hear, whether it leads or not; the state does not depend on it. */
public sealed interface Observation {
    /** The machine was read from its database. */
    record Opened() implements Observation {}

    /**
     * This replica has come to the entry at which all of them are to be compared.
     *
     * @param round log index of that entry
     * @param members whose majority decides
     * @param changes of {@link Comparison#changes}, at that entry
     */
    record DigestTaken(long round, List<String> members, Digest digest, long changes) implements Observation {
        public DigestTaken {
            members = List.copyOf(members);
        }
    }

    /** What a replica, perhaps this one, had come to at the entry of that round. */
    record DigestReported(long round, String nodeId, Digest digest) implements Observation {}
}
