package io.stanchion.node.peer;

import io.grpc.ManagedChannel;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Subject;
import io.stanchion.node.raft.NodeVitals;
import io.stanchion.proto.peer.ClientUrls;
import io.stanchion.proto.peer.Hello;
import io.stanchion.proto.peer.Interest;
import io.stanchion.proto.peer.InterestFrame;
import io.stanchion.proto.peer.MeshFrame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes, as the router and the clients see them: a link to each, what each wants to hear, and where its clients connect.
 * Thread-safe.
 */
public final class PeerMesh implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PeerMesh.class);

    private static final long FINISH_MILLIS_MAX = 1_000;

    private volatile LocalIdentity self;
    private final Router router;
    private final Events events;
    private final AnnouncedInterest interest = new AnnouncedInterest();
    private final PeerChannels channels;
    private final long queuedBytesMax;
    private final Map<String, LinkedPeer> links = new ConcurrentSkipListMap<>();
    private final Map<String, Caller> callers = new ConcurrentHashMap<>();
    private final PeerClocks clocks = new PeerClocks(System::nanoTime);
    private final Lock telling = new ReentrantLock();
    private final AutoCloseable listening;

    private record LinkedPeer(PeerAddress address, ManagedChannel channel, MeshLink link) {}

    /** The stream that a peer holds to this node now. */
    private record Caller(MeshSession session, List<String> clientUrls, boolean complete, NodeVitals vitals) {
        Caller withUrls(List<String> urls) {
            return new Caller(session, List.copyOf(urls), complete, vitals);
        }

        Caller asComplete() {
            return new Caller(session, clientUrls, true, vitals);
        }

        Caller withVitals(NodeVitals heard) {
            return new Caller(session, clientUrls, complete, heard);
        }
    }

    /** Told of changes, on the threads of gRPC and of the links; must return at once. */
    public interface Events {
        /** These are the client URLs of all connected peers now. */
        void onUrls(List<String> urls);

        /** This node could not reach a peer any more; it goes on trying. */
        default void onLost(String nodeId) {}
    }

    /**
     * @param queuedBytesMax bytes waiting for one peer before its stream is begun anew
     */
    public PeerMesh(LocalIdentity self, PeerChannels channels, Router router, Events events, long queuedBytesMax) {
        this.self = self;
        this.router = router;
        this.events = events;
        this.channels = channels;
        this.queuedBytesMax = queuedBytesMax;
        this.listening = router.listen(interest);
    }

    /**
     * From now on these are the peers: new ones are reached out to, those that are gone are forgotten with all their interest, and one
     * that has moved is both. The channels must know them already. For one thread at a time.
     */
    public void setPeers(Collection<PeerAddress> peers) {
        Map<String, PeerAddress> wanted =
                peers.stream().collect(Collectors.toMap(PeerAddress::nodeId, Function.identity()));
        links.forEach((nodeId, present) -> {
            if (!present.address.equals(wanted.get(nodeId)) || present.channel != channels.to(nodeId)) {
                forget(nodeId, present.link);
            }
        });
        wanted.forEach((nodeId, address) -> {
            ManagedChannel channel = channels.to(nodeId);
            if (channel != null && !links.containsKey(nodeId)) {
                MeshLink link = new MeshLink(() -> self, nodeId, channel, interest, queuedBytesMax, events::onLost);
                links.put(nodeId, new LinkedPeer(address, channel, link));
                link.start();
            }
        });
    }

    private void forget(String nodeId, MeshLink link) {
        links.remove(nodeId);
        link.close();
        clocks.forget(nodeId);
        callers.computeIfPresent(nodeId, (id, caller) -> {
            caller.session.dismiss();
            return null;
        });
        router.onPeerGone(link);
        publishUrls();
    }

    /** Whether every peer is connected in both directions and has told all its interest: nobody anywhere listens unseen. */
    public boolean isComplete() {
        return links.values().stream().allMatch(peer -> peer.link.isConnected())
                && callers.size() == links.size()
                && callers.values().stream().allMatch(Caller::complete);
    }

    /** Peers that are connected in both directions. */
    public int connectedPeers() {
        return (int) links.keySet().stream().filter(this::isConnected).count();
    }

    /** Whether this peer is connected in both directions. */
    public boolean isConnected(String nodeId) {
        LinkedPeer peer = links.get(nodeId);
        return peer != null && peer.link.isConnected() && callers.containsKey(nodeId);
    }

    /** Connected or not. */
    public int size() {
        return links.size();
    }

    /** Of the peers that are connected. */
    public PeerClocks clocks() {
        return clocks;
    }

    /** Tells all peers what time it is here. Should be called about once a second. */
    public void tellTime() {
        links.values().forEach(peer -> peer.link.tellTime());
    }

    /** Bytes that wait for this peer to take them. */
    public long queuedBytes(String nodeId) {
        LinkedPeer peer = links.get(nodeId);
        return peer == null ? 0 : peer.link.queuedBytes();
    }

    /** Bytes that wait for peers to take them. */
    long queuedBytes() {
        return links.values().stream()
                .mapToLong(peer -> peer.link.queuedBytes())
                .sum();
    }

    LocalIdentity self() {
        return self;
    }

    Router router() {
        return router;
    }

    /** Why a caller is turned away, in a sentence; empty if it is welcome. */
    String objection(Hello hello) {
        if (!hello.getClusterId().equals(self.clusterId())) {
            return "this is a node of cluster " + self.clusterId() + ", not of " + hello.getClusterId();
        }
        if (!links.containsKey(hello.getNodeId())) {
            return "node " + hello.getNodeId() + " is not among the peers of node " + self.nodeId();
        }
        return "";
    }

    MeshLink onCaller(MeshSession session, Hello hello) {
        LinkedPeer known = links.get(hello.getNodeId());
        if (known == null) {
            throw new IllegalArgumentException("unknown node " + hello.getNodeId());
        }
        MeshLink link = known.link;
        callers.compute(hello.getNodeId(), (id, before) -> {
            if (!known.equals(links.get(id))) {
                throw new IllegalStateException("node " + id + " has just left the group");
            }
            router.onPeerGone(link); // what an earlier stream said no longer counts
            return new Caller(session, List.copyOf(hello.getClientUrls().getUrlsList()), false, NodeVitals.UNKNOWN);
        });
        link.onCalled();
        publishUrls();
        return link;
    }

    /** Whether this is the stream that the peer holds now. What an earlier one still brings is out of date, and out of order. */
    boolean isCurrent(MeshSession session, MeshLink link) {
        Caller caller = callers.get(link.nodeId());
        return caller != null && caller.session == session;
    }

    void onInterest(MeshSession session, MeshLink link, InterestFrame frame) {
        change(session, link, caller -> {
            for (Interest changed : frame.getInterestList()) {
                Subject pattern = MeshLink.subject(changed.getPattern());
                Subject queueGroup = MeshLink.subjectOrNull(changed.getQueueGroup());
                router.onPeerInterest(link, pattern, queueGroup, changed.getCount());
            }
            return frame.getComplete() ? caller.asComplete() : caller;
        });
    }

    void onClientUrls(MeshSession session, MeshLink link, List<String> urls) {
        change(session, link, caller -> caller.withUrls(urls));
        publishUrls();
    }

    void onVitals(MeshSession session, MeshLink link, NodeVitals vitals) {
        change(session, link, caller -> caller.withVitals(vitals));
    }

    /** How a peer fares, by its own account; unknown while it holds no stream to this node. */
    public NodeVitals vitals(String nodeId) {
        Caller caller = callers.get(nodeId);
        return caller == null ? NodeVitals.UNKNOWN : caller.vitals;
    }

    /** Tells all peers how this node fares. */
    public void tell(NodeVitals vitals) {
        tell(MeshFrame.newBuilder().setVitals(vitals.toProto()).build());
    }

    /** From now on the peers send no clients here. */
    public void withdrawClientUrls() {
        self = self.withClientUrls(List.of());
        tell(MeshFrame.newBuilder()
                .setClientUrls(ClientUrls.getDefaultInstance())
                .build());
    }

    private void tell(MeshFrame frame) {
        links.values().forEach(peer -> peer.link.tell(frame));
    }

    void onCallerGone(MeshSession session, MeshLink link) {
        change(session, link, caller -> {
            router.onPeerGone(link);
            return null;
        });
        publishUrls();
    }

    /** One change at a time for each peer, so that the end of an old stream can't take away what a new one has said. */
    private void change(MeshSession session, MeshLink link, Function<Caller, @Nullable Caller> step) {
        callers.computeIfPresent(
                link.nodeId(), (id, caller) -> caller.session == session ? step.apply(caller) : caller);
    }

    private void publishUrls() {
        telling.lock(); // whoever looked last is heard last
        try {
            List<String> urls = new ArrayList<>();
            for (String nodeId : links.keySet()) {
                Caller caller = callers.get(nodeId);
                if (caller != null) {
                    urls.addAll(caller.clientUrls);
                }
            }
            events.onUrls(urls);
        } finally {
            telling.unlock();
        }
    }

    /** Blocks until the peers have what waits for them, but not for long. */
    @Override
    public void close() {
        try {
            listening.close();
        } catch (Exception e) {
            log.warn("the router would not stop announcing", e);
        }
        finishLinks();
        links.values().forEach(peer -> peer.link.close());
    }

    private void finishLinks() {
        CompletableFuture<?>[] finished =
                links.values().stream().map(peer -> peer.link.finish()).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(finished).get(FINISH_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.info("not every peer has taken what waited for it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
