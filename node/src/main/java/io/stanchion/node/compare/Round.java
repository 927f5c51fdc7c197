package io.stanchion.node.compare;

import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.Observation.DigestTaken;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One comparison, as far as the log has it. All nodes come to the same conclusion from the same entries. Not thread-safe. */
final class Round {
    private final DigestTaken own;
    private final long beganNanos;
    private final Map<String, Digest> reports = new TreeMap<>();

    Round(DigestTaken own, long nowNanos) {
        this.own = own;
        this.beganNanos = nowNanos;
    }

    long index() {
        return own.round();
    }

    List<String> members() {
        return own.members();
    }

    /** Of this node's replica, which is not a report yet. */
    Digest ownDigest() {
        return own.digest();
    }

    long changes() {
        return own.changes();
    }

    long beganNanos() {
        return beganNanos;
    }

    /** The first report of a node counts; one that was restored meanwhile may see the entry again. */
    void report(String nodeId, Digest digest) {
        if (own.members().contains(nodeId)) {
            reports.putIfAbsent(nodeId, digest);
        }
    }

    /** What more than half of the members have reported; null as long as there is no such thing. */
    @Nullable
    Digest majority() {
        Map<Digest, Integer> votes = new HashMap<>();
        for (Digest digest : reports.values()) {
            if (digest.since() > 0
                    && votes.merge(digest, 1, Integer::sum) > own.members().size() / 2) {
                return digest;
            }
        }
        return null;
    }

    /** Members that have reported something else than the majority, and what; none without a majority. */
    Map<String, Digest> deviants() {
        Digest right = majority();
        Map<String, Digest> found = new TreeMap<>();
        reports.forEach((nodeId, digest) -> {
            if (right != null && digest.isComparableTo(right) && !digest.equals(right)) {
                found.put(nodeId, digest);
            }
        });
        return found;
    }

    /** Members that have reported what the majority has. */
    Set<String> agreeing() {
        Digest right = majority();
        Set<String> found = new TreeSet<>();
        reports.forEach((nodeId, digest) -> {
            if (digest.equals(right)) {
                found.add(nodeId);
            }
        });
        return found;
    }

    /** Two members differ, and nobody can say who is right. */
    boolean isDisputed() {
        if (majority() != null) {
            return false;
        }
        List<Digest> all = List.copyOf(reports.values());
        return all.stream()
                .anyMatch(one -> all.stream().anyMatch(other -> one.isComparableTo(other) && !one.equals(other)));
    }

    boolean isComplete() {
        return reports.keySet().containsAll(own.members());
    }

    /** Some replicas can't be compared, because they did not begin together. Nodes of another version would not be helped by that. */
    boolean needsBeginning() {
        return own.digest().since() == 0
                || reports.values().stream()
                        .anyMatch(digest ->
                                digest.version() == own.digest().version() && !digest.isComparableTo(own.digest()));
    }

    Map<String, Digest> reports() {
        return reports;
    }
}
