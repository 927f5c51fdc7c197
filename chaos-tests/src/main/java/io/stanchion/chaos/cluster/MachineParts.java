package io.stanchion.chaos.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the machine was made to give to one cluster, and gets back in the end. */
final class MachineParts implements AutoCloseable {
    private ClusterPlan plan;
    private @Nullable NodeNetworks networks;
    private @Nullable NodeDisks disks;
    private @Nullable LyingLibc libc;

    private MachineParts(ClusterPlan plan) {
        this.plan = plan;
    }

    static MachineParts none(ClusterPlan plan) {
        return new MachineParts(plan);
    }

    static MachineParts make(ClusterPlan plan, ClusterNeeds needs) {
        MachineParts parts = new MachineParts(plan);
        try {
            parts.make(needs);
            return parts;
        } catch (ClusterException e) {
            parts.close();
            Folders.tryDelete(plan.directory());
            throw e;
        }
    }

    private void make(ClusterNeeds needs) {
        if (needs.has(ClusterNeeds.Part.NETWORKS) || needs.has(ClusterNeeds.Part.ROUGH_WIRES)) {
            List<String> ids = plan.nodes().stream().map(NodePlan::id).toList();
            NodeNetworks made = needs.has(ClusterNeeds.Part.ROUGH_WIRES)
                    ? NodeNetworks.createRough(ids, plan.directory())
                    : NodeNetworks.create(ids);
            networks = made;
            plan = plan.at(made::addressOf);
        }
        if (needs.has(ClusterNeeds.Part.DISKS)) {
            disks = NodeDisks.create(plan.nodes());
        }
        if (needs.has(ClusterNeeds.Part.LIBC)) {
            libc = LyingLibc.create(plan);
        }
    }

    ClusterPlan plan() {
        return plan;
    }

    Surroundings surroundingsOf(NodePlan node) {
        Surroundings network = networks == null ? Surroundings.NONE : networks.surroundingsOf(node.id());
        Map<String, String> environment = new HashMap<>(plan.environment());
        environment.putAll(libc == null ? network.environment() : libc.environmentOf(node));
        return new Surroundings(network.prefix(), environment);
    }

    NodeNetworks networks() {
        if (networks == null) {
            throw new IllegalStateException("the nodes of this cluster have no networks of their own");
        }
        return networks;
    }

    NodeDisks disks() {
        if (disks == null) {
            throw new IllegalStateException("the nodes of this cluster have no disks of their own");
        }
        return disks;
    }

    LyingLibc libc() {
        if (libc == null) {
            throw new IllegalStateException("the nodes of this cluster see the world as it is");
        }
        return libc;
    }

    @Override
    public void close() {
        if (disks != null) {
            disks.close();
        }
        if (networks != null) {
            networks.close();
        }
    }
}
