package io.stanchion.node.peer;

import io.stanchion.proto.peer.ClientUrls;
import io.stanchion.proto.peer.Hello;
import java.util.List;

/**
 * Who this node is, as it tells its peers.
 *
 * @param process random per process start
 * @param clientUrls host:port of its client listeners
 */
public record LocalIdentity(String clusterId, String nodeId, long process, List<String> clientUrls) {
    LocalIdentity withClientUrls(List<String> urls) {
        return new LocalIdentity(clusterId, nodeId, process, List.copyOf(urls));
    }

    Hello hello() {
        return Hello.newBuilder()
                .setClusterId(clusterId)
                .setNodeId(nodeId)
                .setProcess(process)
                .setWallNanos(WallClock.nanos())
                .setClientUrls(ClientUrls.newBuilder().addAllUrls(clientUrls))
                .build();
    }
}
