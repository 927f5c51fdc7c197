package io.stanchion.node.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What no single value shows: whether they fit together. */
final class Consistency {
    private final Values values;
    private final Problems problems;

    Consistency(Values values, Problems problems) {
        this.values = values;
        this.problems = problems;
    }

    void check() {
        checkOrder();
        checkLameDuck();
        checkOwnPorts();
        ChannelSections sections = values.find(Settings.CHANNELS);
        if (sections != null) {
            sections.check(values, problems);
        }
        ExternalSettings.check(values, problems);
        if (values.get(Settings.CLUSTERED)) {
            checkCluster();
        } else if (hasPeers()) {
            problems.add(values.placeOf(Settings.PEERS), "peers without a cluster; add -clustered, or remove them");
        }
    }

    private void checkOrder() {
        if (values.get(Settings.MAX_PAYLOAD) > values.get(Settings.MAX_PENDING)) {
            problems.add(
                    values.placeOf(values.isSet(Settings.MAX_PENDING) ? Settings.MAX_PENDING : Settings.MAX_PAYLOAD),
                    "max_pending",
                    "must not be less than max_payload; one message has to fit");
        }
        if (values.get(Settings.ELECTION_TIMEOUT_MIN).compareTo(values.get(Settings.ELECTION_TIMEOUT_MAX)) >= 0) {
            boolean minGiven = values.isSet(Settings.ELECTION_TIMEOUT_MIN);
            problems.add(
                    values.placeOf(minGiven ? Settings.ELECTION_TIMEOUT_MIN : Settings.ELECTION_TIMEOUT_MAX),
                    "streaming.cluster.election_timeout_max",
                    "must be greater than election_timeout_min");
        }
    }

    private void checkLameDuck() {
        Duration all = values.get(Settings.LAME_DUCK_DURATION);
        if (values.get(Settings.LAME_DUCK_GRACE_PERIOD).compareTo(all) >= 0) {
            boolean graceGiven = values.isSet(Settings.LAME_DUCK_GRACE_PERIOD);
            problems.add(
                    values.placeOf(graceGiven ? Settings.LAME_DUCK_GRACE_PERIOD : Settings.LAME_DUCK_DURATION),
                    "lame_duck_grace_period",
                    "must be less than lame_duck_duration, which is " + GoDuration.print(all));
        }
    }

    private void checkOwnPorts() {
        int clients = values.get(Settings.PORT);
        if (clients > 0 && clients == values.get(Settings.HTTP_PORT)) {
            problems.add(
                    values.placeOf(Settings.HTTP_PORT),
                    "http_port",
                    clients + " is the port for clients already; choose another");
        }
    }

    private boolean hasPeers() {
        Peers peers = values.find(Settings.PEERS);
        return peers != null && !peers.members().isEmpty();
    }

    private void checkCluster() {
        String key = "streaming.cluster.peers";
        Peers peers = values.find(Settings.PEERS);
        if (peers == null || peers.members().isEmpty()) {
            Place place = values.placeOf(peers == null ? Settings.CLUSTERED : Settings.PEERS);
            problems.add(place, key, "is missing; list all members, like [\"a=10.0.0.1:6222\", ...]");
            return;
        }
        checkDuplicates(key, peers.members());
        checkOwnId(key, peers.members());
    }

    private void checkDuplicates(String key, List<Peers.Member> members) {
        Map<String, String> ids = new LinkedHashMap<>();
        Map<String, String> addresses = new LinkedHashMap<>();
        for (Peers.Member member : members) {
            if (ids.putIfAbsent(member.nodeId(), member.toString()) != null) {
                problems.add(
                        member.place(),
                        key,
                        "node " + member.nodeId() + " is listed twice; give each node its own name");
                continue;
            }
            int raftPort = NodeConfigBuilder.raftPort(values, member);
            checkAddress(key, member, member.peerPort(), addresses);
            checkAddress(key, member, raftPort, addresses);
        }
    }

    private void checkAddress(String key, Peers.Member member, int port, Map<String, String> addresses) {
        String address = new HostPort(member.host(), port).toString();
        String other = addresses.putIfAbsent(address, member.nodeId());
        if (other != null) {
            String owner = other.equals(member.nodeId()) ? "for two purposes" : "by node " + other + " too";
            problems.add(
                    member.place(),
                    key,
                    address + " of node " + member.nodeId() + " is used " + owner
                            + " (the Raft port is the peer port + 1 unless given); choose another port");
        }
    }

    private void checkOwnId(String key, List<Peers.Member> members) {
        String nodeId = values.get(Settings.NODE_ID);
        List<String> ids = members.stream().map(Peers.Member::nodeId).toList();
        if (nodeId.isEmpty()) {
            problems.add(
                    values.placeOf(Settings.PEERS),
                    "streaming.cluster.node_id",
                    "is missing; say which of the peers this is: -cluster_node_id " + String.join("|", ids));
            return;
        }
        for (Peers.Member member : members) {
            if (member.nodeId().equals(nodeId)) {
                checkOwnAddress(key, member);
                return;
            }
        }
        problems.add(
                values.placeOf(Settings.NODE_ID),
                "streaming.cluster.node_id",
                nodeId + " is not among the peers " + String.join(", ", ids) + "; correct one of the two");
    }

    private void checkOwnAddress(String key, Peers.Member self) {
        checkOwnPort(key, self, values.get(Settings.PORT), "port for clients");
        checkOwnPort(key, self, values.get(Settings.HTTP_PORT), "port for monitoring");
    }

    private void checkOwnPort(String key, Peers.Member self, int port, String what) {
        if (port == self.peerPort() || port == NodeConfigBuilder.raftPort(values, self)) {
            problems.add(
                    self.place(),
                    key,
                    port + " is the " + what + " of node " + self.nodeId() + " already; choose another");
        }
    }
}
