package io.stanchion.chaos.checker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nats.streaming.protobuf.MsgProto;
import io.stanchion.chaos.workload.Ballast;
import io.stanchion.chaos.workload.Stamp;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.store.Store;
import io.stanchion.raftsm.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What one node has on its own disk, read while the node is down: no other node can have helped it out. */
public record NodeStore(String node, Map<String, StoredChannel> channels, StoredDigest digest) {
    /** Of all that is stored, messages and other state, as of a log index. */
    public record StoredDigest(long index, Digest digest) {}

    /** Messages in the order of the table; the bounds are those that the node believes in. */
    public record StoredChannel(long first, long last, List<StoredMessage> messages) {
        public StoredChannel {
            messages = List.copyOf(messages);
        }

        long count() {
            return last - first + 1;
        }

        long bytes() {
            return messages.stream().mapToLong(StoredMessage::bytes).sum();
        }
    }

    public NodeStore {
        channels = Map.copyOf(channels);
    }

    /** Empty if the node has never heard of the channel. */
    public StoredChannel channel(String name) {
        return channels.getOrDefault(name, new StoredChannel(1, 0, List.of()));
    }

    /** Reads the data directory of a node that was stopped in peace: its database is as far as its log. */
    public static NodeStore read(String node, Path dataDirectory) throws IOException {
        AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
        Map<String, StoredChannel> channels = new TreeMap<>();
        StoredDigest digest;
        try (Store store = Store.open(dataDirectory, StoreSettings.defaults(), Encryption.off(), fault::set)) {
            MachineState state = store.restore();
            digest = new StoredDigest(store.position().index(), state.digest());
            for (Channel channel : state.channels()) {
                if (channel.name().equals(Ballast.CHANNEL)) {
                    continue;
                }
                List<StoredMessage> messages = new ArrayList<>();
                store.runs()
                        .read(
                                channel.id(),
                                channel.first(),
                                channel.last(),
                                (sequence, timestamp, record) -> messages.add(new StoredMessage(
                                        sequence, timestamp, record.size(), stampOf(record.toByteArray()))));
                channels.put(channel.name(), new StoredChannel(channel.first(), channel.last(), messages));
            }
        }
        if (fault.get() != null) {
            throw new IOException("the store of node " + node + " can't be read", fault.get());
        }
        return new NodeStore(node, channels, digest);
    }

    private static @Nullable Stamp stampOf(byte[] record) {
        try {
            return Stamp.tryRead(MsgProto.parseFrom(record).getData().toByteArray())
                    .orElse(null);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }
}
