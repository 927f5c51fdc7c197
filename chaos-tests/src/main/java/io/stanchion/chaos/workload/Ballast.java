package io.stanchion.chaos.workload;

import io.nats.client.Connection;
import io.nats.streaming.NatsStreaming;
import io.nats.streaming.Options;
import io.nats.streaming.StreamingConnection;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Messages that nobody reads, on a channel of their own: they make the Raft log so long that its beginning is cut off. */
public final class Ballast {
    /** Judges leave it alone. */
    public static final String CHANNEL = "ballast";

    private static final int MESSAGES = 160;
    private static final int MESSAGE_BYTES = 512 << 10;

    private Ballast() {}

    /** Returns when everything is stored. */
    public static void publish(String clusterId, List<String> urls) throws IOException, InterruptedException {
        byte[] payload = new byte[MESSAGE_BYTES];
        try (Connection nats = Connections.open("ballast", urls);
                StreamingConnection connection = NatsStreaming.connect(
                        clusterId,
                        "ballast",
                        new Options.Builder().natsConn(nats).build())) {
            for (int i = 0; i < MESSAGES; i++) {
                payload[i] = (byte) i;
                connection.publish(CHANNEL, payload);
            }
        } catch (TimeoutException e) {
            throw new IOException("ballast is not stored in time", e);
        }
    }
}
