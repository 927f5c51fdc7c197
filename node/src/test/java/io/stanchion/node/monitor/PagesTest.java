package io.stanchion.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.net.GatewayConfig;
import io.stanchion.gateway.net.GatewayServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages say, field by field. */
class PagesTest {
    private static final String HOST = "127.0.0.1";
    private static final Instant START = Instant.parse("2024-05-01T10:00:00Z");
    private static final Instant NOW = Instant.parse("2024-05-02T10:00:07.000000001Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEAD = """
            {
              "cluster_id": "orders",
              "server_id": "S",
              "now": "2024-05-02T10:00:07.000000001Z",
            """;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private GatewayServer gateway;
    private FilledNode node;
    private MonitorServer monitor;

    @BeforeEach
    void start() throws IOException {
        gateway = GatewayServer.start(
                GatewayConfig.defaults().withAddress(HOST, 0), new Router(), () -> false, () -> true);
        opened.add(gateway);
        NodeFacts facts = new NodeFacts(
                new NodeFacts.Names("N-id", "N", "S", "orders", "a"),
                "0.25.6",
                "2.10.29",
                new NodeFacts.Address(HOST, gateway.port()),
                "RAFT_FILE",
                true,
                START);
        InstantSource clock = InstantSource.fixed(NOW);
        node = new FilledNode(gateway);
        monitor = MonitorServer.start(new NodeFacts.Address(HOST, -1), facts, node, clock);
        opened.add(monitor);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + HOST + ":" + monitor.port() + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void shouldTellPrometheusAboutLeadershipDisksAndLatency() throws Exception {
        assertThat(get("/metrics").body().lines())
                .contains(
                        "stanchion_raft_leader_changes_total 3.0",
                        "stanchion_raft_hand_overs_total 2.0",
                        "stanchion_raft_log_bytes 4096.0",
                        "stanchion_disk_free_bytes 1.073741824E9",
                        "stanchion_streaming_redelivered_messages_total 0.0",
                        "stanchion_streaming_publish_seconds_bucket{le=\"0.005\"} 0",
                        "stanchion_streaming_publish_seconds_bucket{le=\"+Inf\"} 0");
    }

    @Test
    void shouldDescribeTheStreamingServer() throws Exception {
        JsonNode page = json("/streaming/serverz");

        assertThat(names(page))
                .containsExactly(
                        ("cluster_id server_id version go state role node_id replicas now start_time uptime clients subscriptions"
                                        + " channels total_msgs total_bytes in_msgs in_bytes out_msgs out_bytes open_fds"
                                        + " max_fds")
                                .split(" "));
        assertThat(page.get("state").asText()).isEqualTo("CLUSTERED");
        assertThat(page.get("role").asText()).isEqualTo("Follower");
        assertThat(page.get("uptime").asText()).isEqualTo("1d0h0m7s");
        assertThat(page.get("total_bytes").asLong()).isEqualTo(50);
        assertThat(page.get("out_msgs").asLong()).isEqualTo(3);
        assertThat(page.get("out_bytes").asLong()).isEqualTo(300);
    }

    @Test
    void shouldDescribeTheStore() throws Exception {
        HttpResponse<String> answer = get("/streaming/storez");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(answer.body()).isEqualTo(HEAD + """
                  "type": "RAFT_FILE",
                  "limits": {
                    "max_channels": 100,
                    "max_msgs": 1000000,
                    "max_bytes": 1024000000,
                    "max_age": 3600000000000,
                    "max_subscriptions": 1000,
                    "max_inactivity": 60000000000,
                    "channels": {
                      "*.a": {
                        "max_msgs": 1000000,
                        "max_bytes": 0,
                        "max_age": 3600000000000,
                        "max_subscriptions": 1000,
                        "max_inactivity": 0
                      },
                      "bar": {
                        "max_msgs": 2,
                        "max_bytes": 3,
                        "max_age": 4,
                        "max_subscriptions": 1,
                        "max_inactivity": 5
                      }
                    }
                  },
                  "total_msgs": 5,
                  "total_bytes": 50
                }""");
    }

    @Test
    void shouldListClients() throws Exception {
        assertThat(get("/streaming/clientsz").body()).isEqualTo(HEAD + """
                  "offset": 0,
                  "limit": 1024,
                  "count": 2,
                  "total": 2,
                  "clients": [
                    {
                      "id": "alice",
                      "hb_inbox": "hb.alice",
                      "subs_count": 1
                    },
                    {
                      "id": "bob",
                      "hb_inbox": "hb.bob",
                      "subs_count": 0
                    }
                  ]
                }""");
        assertThat(get("/streaming/clientsz?offset=5&limit=1").body()).isEqualTo(HEAD + """
                  "offset": 5,
                  "limit": 1,
                  "count": 0,
                  "total": 2,
                  "clients": []
                }""");
    }

    @Test
    void shouldDescribeOneClientWithItsSubscriptions() throws Exception {
        assertThat(get("/streaming/clientsz?client=alice&subs=1").body()).isEqualTo("""
                {
                  "id": "alice",
                  "hb_inbox": "hb.alice",
                  "subs_count": 1,
                  "subscriptions": {
                    "orders": [
                      {
                        "client_id": "alice",
                        "inbox": "inbox.1",
                        "ack_inbox": "ack.1",
                        "queue_name": "dur:g",
                        "is_durable": true,
                        "is_offline": false,
                        "max_inflight": 10,
                        "ack_wait": 30,
                        "last_sent": 7,
                        "pending_count": 2,
                        "is_stalled": false
                      }
                    ]
                  }
                }""");
        assertThat(names(json("/streaming/clientsz?client=bob&subs=1"))).doesNotContain("subscriptions");
    }

    @Test
    void shouldListChannelsByNameOrWithAllThatIsKnown() throws Exception {
        assertThat(get("/streaming/channelsz").body()).isEqualTo(HEAD + """
                  "offset": 0,
                  "limit": 1024,
                  "count": 2,
                  "total": 2,
                  "names": [
                    "bills",
                    "orders"
                  ]
                }""");
        JsonNode channels = json("/streaming/channelsz?subs=1").get("channels");
        assertThat(names(channels.get(0)))
                .containsExactly("name", "msgs", "bytes", "first_seq", "last_seq", "subs_count");
        assertThat(channels.get(0).get("first_seq").asLong()).isZero();
        assertThat(channels.get(1).get("first_seq").asLong()).isEqualTo(3);
        JsonNode offline = channels.get(1).get("subscriptions").get(1);
        assertThat(names(offline))
                .containsExactly(
                        ("client_id inbox ack_inbox durable_name is_durable is_offline max_inflight ack_wait last_sent"
                                        + " pending_count is_stalled")
                                .split(" "));
        assertThat(offline.get("client_id").asText()).isEqualTo("carol");
        assertThat(names(json("/streaming/channelsz?offset=2"))).doesNotContain("names");
        assertThat(names(json("/streaming/channelsz?channel=orders"))).doesNotContain("subscriptions");
    }

    @ParameterizedTest
    @CsvSource({"0,1024", "-3,1024", "many,1024", "1,1", "99999999999999999999,2147483647"})
    void shouldTakeTheDefaultForALimitThatIsNone(String given, int taken) throws Exception {
        assertThat(json("/streaming/channelsz?offset=-1&limit=" + given)
                        .get("limit")
                        .asInt())
                .isEqualTo(taken);
    }

    @Test
    void shouldSayWhatDoesNotExist() throws Exception {
        HttpResponse<String> channel = get("/streaming/channelsz?channel=a.b");
        assertThat(channel.statusCode()).isEqualTo(404);
        assertThat(channel.body()).isEqualTo("Channel a.b not found\n");
        assertThat(channel.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(get("/streaming/clientsz?client=x").body()).isEqualTo("Client x not found\n");
        assertThat(get("/streaming/isFTActive").statusCode()).isEqualTo(204);
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldCallBackWhenAsked() throws Exception {
        HttpResponse<String> answer = get("/streaming/storez?callback=f");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/javascript");
        assertThat(answer.body()).startsWith("f({\n").endsWith("})");
    }

    @Test
    void shouldDescribeTheServer() throws Exception {
        json("/varz");
        JsonNode page = json("/varz");
        assertThat(names(page))
                .containsSubsequence("server_id", "max_connections", "cluster", "jetstream", "start", "connections");
        assertThat(page.get("gateway").isEmpty()).isTrue();
        assertThat(page.get("cluster").get("urls").get(0).asText()).isEqualTo("10.0.0.2:6222");
        assertThat(page.get("http_req_stats").get("/varz").asLong())
                .as("answered before this one")
                .isEqualTo(1);
    }

    @Test
    void shouldShowConnectedPeersAsRoutes() throws Exception {
        JsonNode page = json("/routez");
        assertThat(page.get("num_routes").asInt()).isEqualTo(1);
        assertThat(page.get("routes").get(0).get("remote_id").asText()).isEqualTo("b");
        assertThat(page.get("routes").get(0).get("pending_size").asLong()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "/connz?sort=weight,invalid sorting option: weight",
        "/connz?state=half,Error decoding state for half",
        "/connz?sort=stop,sort by stop only valid on closed connections",
        "'/connz?limit=x','Error decoding int for ''limit'': strconv.Atoi: parsing \"x\": invalid syntax'",
        "'/subsz?subs=x','Error decoding boolean for ''subs'': strconv.ParseBool: parsing \"x\": invalid syntax'"
    })
    void shouldRefuseWhatItDoesNotUnderstand(String path, String why) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(why);
    }

    @Test
    void shouldSayWhatFeaturesAreNotThere() throws Exception {
        assertThat(json("/gatewayz").get("outbound_gateways").isEmpty()).isTrue();
        assertThat(json("/leafz").get("leafs").isArray()).isTrue();
        assertThat(json("/jsz").get("disabled").asBoolean()).isTrue();
        assertThat(json("/accountz").get("accounts").get(0).asText()).isEqualTo("$G");
        assertThat(get("/healthz").body()).isEqualTo("{\"status\":\"unavailable\",\"error\":\"no leader\"}");
        assertThat(get("/healthz?js-enabled-only=true").statusCode()).isEqualTo(503);
        assertThat(get("/").headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(get("/streaming").body()).contains("/streaming/channelsz");
    }

    @Test
    void shouldSayThatReplicasDifferAlthoughNobodyKnowsWhichOfThemIsRight() throws Exception {
        node.unfit = "";
        assertThat(json("/healthz").has("warning")).isFalse();
        node.disagreement = "the replicas differ";

        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(json("/healthz").get("warning").asText()).isEqualTo("the replicas differ");
        assertThat(json("/streaming/serverz")
                        .get("replicas")
                        .get("disagreement")
                        .asText())
                .isEqualTo("the replicas differ");
        assertThat(json("/streaming/serverz").get("replicas").get("equal_index").asLong())
                .isEqualTo(77);
        assertThat(get("/metrics").body())
                .contains("stanchion_digest_rounds_total 4.0", "stanchion_digest_mismatches_total 1.0")
                .contains("stanchion_digest_equal_index 77.0", "stanchion_digest_equal_age_seconds 3.0");
    }

    @Test
    void shouldFollowAConnectionFromItsBeginningToItsEnd() throws Exception {
        try (Socket client = connect("""
                CONNECT {"verbose":false,"name":"n","lang":"l","version":"1"}\r
                SUB orders.* q 1\r
                SUB news 2\r
                UNSUB 2 3\r
                PUB news 5\r
                hello\r
                PUB other 2\r
                hi\r
                PING\r
                """)) {
            JsonNode page = json("/connz?subs=detail");
            assertThat(page.get("num_connections").asInt()).isEqualTo(1);
            JsonNode connection = page.get("connections").get(0);
            assertThat(names(connection))
                    .containsExactly(
                            ("cid kind type ip port start last_activity rtt uptime idle pending_bytes in_msgs out_msgs in_bytes"
                                            + " out_bytes subscriptions name lang version subscriptions_list_detail")
                                    .split(" "));
            assertThat(connection.get("port").asInt()).isEqualTo(client.getLocalPort());
            assertThat(connection.get("in_msgs").asLong()).isEqualTo(2);
            assertThat(connection.get("in_bytes").asLong()).isEqualTo(7);
            assertThat(connection.get("out_msgs").asLong()).isEqualTo(1);
            assertThat(connection.get("out_bytes").asLong()).isEqualTo(5);
            assertThat(connection.get("name").asText()).isEqualTo("n");
            assertThat(connection.get("subscriptions_list_detail"))
                    .hasToString("[{\"subject\":\"orders.*\",\"qgroup\":\"q\",\"sid\":\"1\",\"msgs\":0,\"cid\":1},"
                            + "{\"subject\":\"news\",\"sid\":\"2\",\"msgs\":1,\"max\":3,\"cid\":1}]");
            assertThat(json("/connz?subs=1").get("connections").get(0).get("subscriptions_list"))
                    .hasToString("[\"orders.*\",\"news\"]");
            assertThat(json("/subsz?subs=1&offset=1").get("subscriptions_list")).hasSize(1);
        }
        await().until(() -> json("/connz?state=closed").get("num_connections").asInt() == 1);
        JsonNode closed = json("/connz?state=any&cid=1").get("connections").get(0);
        assertThat(closed.get("reason").asText()).isEqualTo("Client Closed");
        assertThat(closed.get("subscriptions").asInt()).isEqualTo(2);
        assertThat(json("/connz").get("connections").isEmpty()).isTrue();
        assertThat(json("/subsz").get("num_removes").asLong()).isEqualTo(2);
    }

    @Test
    void shouldPutTheBusiestConnectionFirstWhenAsked() throws Exception {
        String connect = "CONNECT {\"verbose\":false}\r\n";
        try (Socket quiet = connect(connect + "PING\r\n");
                Socket busy = connect(connect + "PUB a 1\r\nx\r\nPING\r\n")) {
            assertThat(json("/connz").get("connections").get(0).get("port").asInt())
                    .isEqualTo(quiet.getLocalPort());
            JsonNode page = json("/connz?sort=msgs_from&limit=1");
            assertThat(page.get("connections").get(0).get("port").asInt()).isEqualTo(busy.getLocalPort());
            assertThat(page.get("num_connections").asInt()).isEqualTo(1);
            assertThat(page.get("total").asInt()).isEqualTo(2);
        }
    }

    /** Returns when all that was sent has been done. */
    private Socket connect(String lines) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        opened.add(socket);
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String line = in.readLine();
        while (line != null && !line.equals("PONG")) {
            line = in.readLine();
        }
        return socket;
    }
}
