package io.stanchion.chaos.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A network name space for each node, and a bridge that joins them and us. A cut is a routing rule that sends packets to nowhere, so it
 * works in one direction, drops silently as a broken wire does, and needs no packet filter in the kernel. Our own end of the bridge is
 * where clients are.
 *
 * <p>Names carry our process id, so that a later run can tell what a dead one left behind (see {@link Leftovers}).
 */
public final class NodeNetworks implements AutoCloseable {
    static final String PREFIX = "sx";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final String NOWHERE = "77"; // a routing table of our own
    private static final String RULE_PRIORITY = "50";

    private final String name = PREFIX + ProcessHandle.current().pid() + "-" + COUNT.getAndIncrement();
    private final String subnet;
    private final List<String> ids;
    private final @Nullable RoughWires wires;

    /**
     * What a bad wire does to the frames that it carries.
     *
     * @param delayMillis how late each of them is at least, and by {@code jitterMillis} later at most
     * @param bytesPerSecond 0 for no limit
     */
    public record Roughness(long delayMillis, long jitterMillis, long lostPerThousand, long bytesPerSecond) {}

    private NodeNetworks(List<String> ids, @Nullable RoughWires wires) {
        this.ids = List.copyOf(ids);
        this.wires = wires;
        ThreadLocalRandom random = ThreadLocalRandom.current();
        subnet = "10." + random.nextInt(64, 128) + "." + random.nextInt(256) + ".";
    }

    /** Why this machine has no such networks; found by making one. */
    public static Optional<String> obstacle() {
        try (NodeNetworks tried = create(List.of("a"))) {
            tried.cut("a", tried.clientAddress());
            return Optional.empty();
        } catch (ClusterException e) {
            return Optional.of("no network name spaces: " + e.getMessage());
        }
    }

    static NodeNetworks create(List<String> ids) {
        return built(new NodeNetworks(ids, null));
    }

    /** With wires that can be made worse; they cost some time of the processors. */
    static NodeNetworks createRough(List<String> ids, Path folder) {
        return built(new NodeNetworks(ids, new RoughWires(folder)));
    }

    private static NodeNetworks built(NodeNetworks networks) {
        try {
            networks.build();
            return networks;
        } catch (ClusterException e) {
            networks.close();
            throw e;
        }
    }

    private void build() {
        MachineCommand.run("ip", "link", "add", name, "type", "bridge");
        MachineCommand.run("ip", "addr", "add", clientAddress() + "/24", "dev", name);
        MachineCommand.run("ip", "link", "set", name, "up");
        for (String id : ids) {
            String space = space(id);
            MachineCommand.run("ip", "netns", "add", space);
            if (wires == null) {
                MachineCommand.run(
                        "ip", "link", "add", wire(id), "type", "veth", "peer", "name", "eth0", "netns", space);
            } else {
                wires.string(id, "/run/netns/" + space, wire(id), "eth0");
            }
            MachineCommand.run("ip", "link", "set", wire(id), "master", name, "up");
            MachineCommand.run("ip", "-n", space, "addr", "add", addressOf(id) + "/24", "dev", "eth0");
            MachineCommand.run("ip", "-n", space, "link", "set", "eth0", "up");
            MachineCommand.run("ip", "-n", space, "link", "set", "lo", "up");
            // A packet for another machine that arrives on lo is thrown away without a word to its sender.
            MachineCommand.run("ip", "-n", space, "route", "add", "default", "dev", "lo", "table", NOWHERE);
        }
    }

    String addressOf(String id) {
        return subnet + (ids.indexOf(id) + 2);
    }

    /** Where connections of clients, and of whoever looks at the monitoring pages, come from. */
    public String clientAddress() {
        return subnet + 1;
    }

    /** Only the network changes, not the mounts: a copy of the mounts would keep a disk busy that we want to unmount. */
    Surroundings surroundingsOf(String id) {
        return new Surroundings(List.of("nsenter", "--net=/run/netns/" + space(id)), Map.of());
    }

    /** What this node sends to that one is lost; the other direction still works. */
    public void cutOneWay(NodeProcess from, NodeProcess to) {
        cut(from.id(), addressOf(to.id()));
    }

    public void cutBothWays(NodeProcess one, NodeProcess other) {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** Nothing passes between the two groups. */
    public void split(List<NodeProcess> some, List<NodeProcess> others) {
        some.forEach(one -> others.forEach(other -> cutBothWays(one, other)));
    }

    /** Only the Raft ports of the two no longer reach each other. */
    public void cutRaft(NodeProcess one, NodeProcess other) {
        cutPorts(one, other);
        cutPorts(other, one);
    }

    private void cutPorts(NodeProcess from, NodeProcess to) {
        String address = addressOf(to.id());
        cut(from.id(), address, "ipproto", "tcp", "dport", String.valueOf(to.raftPort()));
        cut(from.id(), address, "ipproto", "tcp", "sport", String.valueOf(from.raftPort()));
    }

    /** Clients hear nothing from this node any more; its peers and its monitoring page do. */
    public void cutClients(NodeProcess node) {
        cut(node.id(), clientAddress(), "ipproto", "tcp", "sport", String.valueOf(node.clientPort()));
    }

    /** What the node sends, and what it is sent, passes a bottleneck with a short queue: slow, and with losses when it is full. */
    public void squeeze(NodeProcess node, String rate) {
        String[] bottleneck = {"root", "tbf", "rate", rate, "burst", "16kb", "latency", "200ms"};
        List<String> out = new ArrayList<>(List.of("tc", "-n", space(node.id()), "qdisc", "replace", "dev", "eth0"));
        List<String> in = new ArrayList<>(List.of("tc", "qdisc", "replace", "dev", wire(node.id())));
        for (List<String> direction : List.of(out, in)) {
            direction.addAll(List.of(bottleneck));
            MachineCommand.run(direction.toArray(String[]::new));
        }
    }

    /** From now on the node's wire is like this, in both directions. */
    public void roughen(NodeProcess node, Roughness how) {
        roughen(node.id(), how);
    }

    void roughen(String id, Roughness how) {
        if (wires == null) {
            throw new IllegalStateException("the wires of this cluster are smooth");
        }
        wires.roughen(id, how);
    }

    /** Mends all cuts, bottlenecks and wires. */
    public void heal() {
        for (String id : ids) {
            if (wires != null) {
                wires.heal(id);
            }
            boolean more = true;
            while (more) { // one call removes one rule
                more = MachineCommand.objection("ip", "-n", space(id), "rule", "del", "priority", RULE_PRIORITY)
                        .isEmpty();
            }
            MachineCommand.objection("tc", "-n", space(id), "qdisc", "del", "dev", "eth0", "root");
            MachineCommand.objection("tc", "qdisc", "del", "dev", wire(id), "root");
        }
    }

    @Override
    public void close() {
        if (wires != null) {
            wires.close();
        }
        for (String id : ids) {
            // Takes both ends of the wire with it, as soon as no process lives there; hence the bridge comes last.
            MachineCommand.objection("ip", "link", "del", wire(id));
            MachineCommand.objection("ip", "netns", "del", space(id));
        }
        MachineCommand.objection("ip", "link", "del", name);
    }

    private void cut(String id, String address, String... selector) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", space(id), "rule", "add", "priority"));
        command.addAll(List.of(RULE_PRIORITY, "to", address));
        command.addAll(List.of(selector));
        command.addAll(List.of("lookup", NOWHERE));
        MachineCommand.run(command.toArray(String[]::new));
    }

    private String space(String id) {
        return name + id;
    }

    private String wire(String id) {
        return name + id;
    }
}
