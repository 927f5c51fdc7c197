package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;
import io.stanchion.proto.command.AppendProto;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ConfigureProto;
import io.stanchion.proto.command.OpenSessionProto;
import io.stanchion.proto.command.PublisherProto;
import io.stanchion.proto.command.SettingsProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Draws the same entries again for the same seed: publishes to a few channels. Remembers what every message holds. */
final class Workload {
    static final List<String> CHANNELS = List.of("orders", "bills", "mail");

    private final SplittableRandom random;
    private final long maxMessages;
    private final int messageBytesMax;
    private final Map<String, List<ByteString>> published = new TreeMap<>();
    private long index;

    /** @param maxMessages limit of each channel; 0 is none */
    Workload(long seed, long maxMessages, int messageBytesMax) {
        random = new SplittableRandom(seed);
        this.maxMessages = maxMessages;
        this.messageBytesMax = messageBytesMax;
    }

    /** The index of the entry drawn last; the first has index 1. */
    long index() {
        return index;
    }

    /** What was published to a channel; the message with sequence n is at n - 1. */
    List<ByteString> published(String channel) {
        return published.getOrDefault(channel, List.of());
    }

    Batch next() {
        index++;
        Batch.Builder batch = Batch.newBuilder()
                .setGateway("a")
                .setIncarnation(1)
                .setNumber(index)
                .setTimeNanos(index * 1000);
        if (index == 1) {
            return batch.addCommands(CommandProto.newBuilder()
                            .setOpenSession(OpenSessionProto.newBuilder().setClientId("alice")))
                    .addCommands(CommandProto.newBuilder()
                            .setConfigure(ConfigureProto.newBuilder()
                                    .setSettings(SettingsProto.newBuilder().setMaxMessages(maxMessages))))
                    .build();
        }
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            batch.addCommands(CommandProto.newBuilder().setAppend(append()));
        }
        return batch.build();
    }

    private AppendProto append() {
        String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
        List<ByteString> messages = new ArrayList<>();
        for (int i = random.nextInt(1, 20); i > 0; i--) {
            messages.add(message());
        }
        published.computeIfAbsent(channel, name -> new ArrayList<>()).addAll(messages);
        return AppendProto.newBuilder()
                .setChannel(channel)
                .addPublishers(PublisherProto.newBuilder().setClientId("alice").setCount(messages.size()))
                .setRecords(Runs.records(messages))
                .build();
    }

    private ByteString message() {
        byte[] bytes = new byte[random.nextInt(1, messageBytesMax)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }
}
