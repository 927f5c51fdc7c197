package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.stanchion.proto.stan.PubMsg;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** For tests that speak the protocol message by message, on every {@link Way}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedWorlds.class)
abstract class ConformanceTestBase {
    /** Lets {@link #millis} give ack waits in milliseconds. */
    static final String ACK_WAIT_MILLIS = "ack_wait_millis: true";

    private final List<String> settings;
    private final List<RawStanClient> clients = new ArrayList<>();
    private @Nullable ConformanceWorld world;
    private int lastName;

    ConformanceTestBase(String... streamingSettings) {
        settings = List.of(streamingSettings);
    }

    /** Nodes that other tests may have used: with as many channels as it takes, and ack waits below a second. */
    ConformanceTestBase() {
        this("store_limits { max_channels: 0 }", ACK_WAIT_MILLIS);
    }

    List<String> settings() {
        return settings;
    }

    void use(ConformanceWorld shared) {
        world = shared;
    }

    @AfterEach
    void closeClients() throws IOException {
        for (RawStanClient client : clients) {
            client.close();
        }
        clients.clear();
        world().mend();
    }

    ConformanceWorld world() {
        return Objects.requireNonNull(world);
    }

    /** A TCP connection on which the streaming protocol is spoken. */
    RawStanClient connection(Way way) throws IOException {
        RawStanClient client = new RawStanClient(
                world().gateway(way).clientPort(), world().nodes(way).clusterId());
        clients.add(client);
        return client;
    }

    /** A name that no other test uses: for client IDs and channels. */
    String unused() {
        return getClass().getSimpleName() + "-" + ++lastName;
    }

    /** A connection with a session that answers its heartbeats. */
    RawSession session(Way way) throws IOException {
        return session(connection(way), unused());
    }

    static RawSession session(RawStanClient stan, String clientId) throws IOException {
        String heartbeats = stan.newInbox();
        stan.nats().answer(heartbeats);
        assertThat(stan.connect(RawStanClient.connectRequest(clientId, heartbeats)
                                .build())
                        .getError())
                .isEmpty();
        return new RawSession(stan, clientId);
    }

    /** An ack wait that is shorter than the protocol allows, for servers that were told to take it. */
    static int millis(int wait) {
        return -wait;
    }

    static PubMsg.Builder message(String channel, String text) {
        return PubMsg.newBuilder().setGuid("guid-" + text).setSubject(channel).setData(ByteString.copyFromUtf8(text));
    }
}
