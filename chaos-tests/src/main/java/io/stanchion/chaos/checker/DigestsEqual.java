package io.stanchion.chaos.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes have the same state at the same point of the log, down to the last pending acknowledgement, and never had another. */
public final class DigestsEqual implements Checker {
    @Override
    public String name() {
        return "digests-equal";
    }

    private record Stated(String node, Object digest) {}

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        Map<Long, Stated> said = new HashMap<>();
        for (ReplicaStatement replica : trial.replicas()) {
            compare("said", replica.equalIndex(), new Stated(replica.node(), replica.digest()), said, findings);
            if (replica.equalIndex() == 0) {
                findings.add(finding("node " + replica.node() + " was never compared with the others"));
            }
            if (replica.mismatches() > 0) {
                findings.add(finding("node " + replica.node() + " has found that replicas differ, "
                        + replica.mismatches() + " times; its log says how"));
            }
        }
        Map<Long, Stated> stored = new HashMap<>();
        for (NodeStore store : trial.stores()) {
            Stated here = new Stated(store.node(), store.digest().digest());
            compare("stored", store.digest().index(), here, stored, findings);
        }
        return findings;
    }

    private void compare(String how, long index, Stated here, Map<Long, Stated> known, List<Finding> findings) {
        Stated other = known.putIfAbsent(index, here);
        if (other != null && !other.digest.equals(here.digest)) {
            findings.add(finding("at index " + index + " node " + other.node + " has " + how + " " + other.digest
                    + ", and node " + here.node + " " + here.digest));
        }
    }

    private Finding finding(String what) {
        return new Finding(name(), what, List.of());
    }
}
