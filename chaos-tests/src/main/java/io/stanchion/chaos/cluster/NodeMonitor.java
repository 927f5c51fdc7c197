package io.stanchion.chaos.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks one node about itself over its monitoring port. No answer is an answer too: the node is down, or paused. */
public final class NodeMonitor {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    private final String base;

    NodeMonitor(String host, int port) {
        this.base = "http://" + host + ":" + port;
    }

    /** Ready means: a leader is known, and this node's replica runs and has caught up. */
    public boolean isReady() {
        HttpResponse<String> answer = tryGet("/healthz");
        return answer != null && answer.statusCode() == 200;
    }

    /** Whether there is an answer at all. */
    public boolean isUp() {
        return tryGet("/healthz") != null;
    }

    /** What {@code /healthz} says, for an error message. */
    public String health() {
        HttpResponse<String> answer = tryGet("/healthz");
        return answer == null
                ? "no answer on its monitoring port"
                : answer.statusCode() + " " + answer.body().strip();
    }

    public boolean isLeader() {
        JsonNode server = tryServer();
        return server != null && "Leader".equals(server.path("role").asText());
    }

    /** Messages stored by this node's own replica, or -1 when it does not answer. */
    public long storedMessages() {
        JsonNode server = tryServer();
        return server == null ? -1 : server.path("total_msgs").asLong(-1);
    }

    /** What the node says about its replica and the others; null when it does not answer. */
    public @Nullable JsonNode tryReplicas() {
        JsonNode server = tryServer();
        return server == null ? null : server.path("replicas");
    }

    /** The last log index at which this node's replica was what a majority has; 0 if there was none. */
    public long equalIndex() {
        JsonNode replicas = tryReplicas();
        return replicas == null ? 0 : replicas.path("equal_index").asLong();
    }

    /** The streaming server page, or null when there is no answer. */
    public @Nullable JsonNode tryServer() {
        HttpResponse<String> answer = tryGet("/streaming/serverz");
        if (answer == null || answer.statusCode() != 200) {
            return null;
        }
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            return null; // half a page from a node that is being killed
        }
    }

    private @Nullable HttpResponse<String> tryGet(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
