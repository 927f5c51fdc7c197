package io.stanchion.node.config;

import io.stanchion.node.config.ConfigValue.Listing;
import io.stanchion.node.config.ConfigValue.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The members of a cluster as an operator lists them: {@code "a=10.0.0.1:6222"}, with a third number for the Raft port if need be. */
record Peers(List<Member> members) {
    static final Kind<Peers> KIND = new PeersKind();

    /** @param raftPort 0 if not given */
    record Member(Place place, String nodeId, String host, int peerPort, int raftPort) {
        @Override
        public String toString() {
            String address = nodeId + "=" + new HostPort(host, peerPort);
            return raftPort == 0 ? address : address + ":" + raftPort;
        }
    }

    private static final class PeersKind implements Kind<Peers> {
        @Override
        public String referenceName() {
            return "slice";
        }

        @Override
        public Peers read(ConfigValue value) throws MisfitException {
            if (value instanceof Text text) {
                return split(text.place(), text.text());
            }
            if (!(value instanceof Listing listing)) {
                throw new MisfitException("must be a list like [\"a=10.0.0.1:6222\", ...], not " + value.describe());
            }
            List<Member> members = new ArrayList<>();
            for (ConfigValue element : listing.elements()) {
                members.add(member(element.place(), element instanceof Text text ? text.text() : element.describe()));
            }
            return new Peers(List.copyOf(members));
        }

        @Override
        public Peers parse(String text) throws MisfitException {
            return split(Place.flag("cluster_peers"), text);
        }

        private static Peers split(Place place, String text) throws MisfitException {
            List<Member> members = new ArrayList<>();
            if (text.isBlank()) {
                return new Peers(List.of());
            }
            for (String part : text.split(",", -1)) {
                members.add(member(place, part.strip()));
            }
            return new Peers(List.copyOf(members));
        }

        private static Member member(Place place, String text) throws MisfitException {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw misfit(place, text);
            }
            String nodeId = text.substring(0, equals);
            String address = text.substring(equals + 1);
            HostPort last = HostPort.parse(address).orElse(null);
            if (last != null) {
                return member(place, text, nodeId, last, 0);
            }
            int colon = address.lastIndexOf(':'); // host:peerport:raftport
            HostPort first = colon < 0
                    ? null
                    : HostPort.parse(address.substring(0, colon)).orElse(null);
            HostPort raft =
                    colon < 0 ? null : HostPort.parse(address.substring(colon)).orElse(null);
            if (first == null || raft == null || raft.port() <= 0) {
                throw misfit(place, text);
            }
            return member(place, text, nodeId, first, raft.port());
        }

        private static Member member(Place place, String text, String nodeId, HostPort address, int raftPort)
                throws MisfitException {
            if (address.host().isEmpty() || address.port() <= 0) {
                throw misfit(place, text);
            }
            try {
                return new Member(place, Kinds.NAME.parse(nodeId), address.host(), address.port(), raftPort);
            } catch (MisfitException e) {
                throw new MisfitException(place, "the node ID of \"" + text + "\" " + e.getMessage());
            }
        }

        private static MisfitException misfit(Place place, String text) {
            return new MisfitException(
                    place, "\"" + text + "\" is no peer; write \"name=host:port\", or \"name=host:port:raftport\"");
        }

        @Override
        public String show(Peers peers) {
            return peers.members.stream()
                    .map(member -> '"' + member.toString() + '"')
                    .collect(Collectors.joining(", ", "[", "]"));
        }
    }
}
