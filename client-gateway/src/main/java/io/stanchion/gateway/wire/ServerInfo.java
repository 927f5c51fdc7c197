package io.stanchion.gateway.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What INFO says about this server to all clients alike.
 *
 * @param port the one that is really listened on
 * @param cluster empty if there is none
 * @param connectUrls {@code host:port}, this server's own first; empty while no other node is known
 * @param lameDuck whether this server is about to stop, and asks to be left
 */
public record ServerInfo(
        String serverId,
        String serverName,
        String version,
        String host,
        int port,
        int payloadMaxBytes,
        String cluster,
        List<String> connectUrls,
        boolean lameDuck) {
    private static final JsonFactory JSON = new JsonFactory();

    public ServerInfo withConnectUrls(List<String> urls) {
        return new ServerInfo(
                serverId, serverName, version, host, port, payloadMaxBytes, cluster, List.copyOf(urls), lameDuck);
    }

    /** The same, of a server that is about to stop. */
    public ServerInfo asLameDuck() {
        return new ServerInfo(serverId, serverName, version, host, port, payloadMaxBytes, cluster, connectUrls, true);
    }

    /**
     * The whole line for one client. Clients replace what they had, so it is always complete.
     *
     * @param answersConnect whether this is the one that follows the first PONG
     */
    public byte[] encode(long clientId, String clientIp, boolean answersConnect) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        line.writeBytes("INFO ".getBytes(StandardCharsets.US_ASCII));
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.writeStartObject();
            writeServer(json);
            json.writeNumberField("client_id", clientId);
            json.writeStringField("client_ip", clientIp);
            writeCluster(json);
            if (lameDuck) {
                json.writeBooleanField("ldm", true);
            }
            if (answersConnect) {
                json.writeBooleanField("connect_info", true);
                json.writeStringField("remote_account", "$G");
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("in memory nothing can fail", e);
        }
        line.writeBytes(" \r\n".getBytes(StandardCharsets.US_ASCII));
        return line.toByteArray();
    }

    private void writeServer(JsonGenerator json) throws IOException {
        json.writeStringField("server_id", serverId);
        json.writeStringField("server_name", serverName);
        json.writeStringField("version", version);
        json.writeNumberField("proto", 1);
        json.writeStringField("go", "java");
        json.writeStringField("host", host);
        json.writeNumberField("port", port);
        json.writeBooleanField("headers", true);
        json.writeNumberField("max_payload", payloadMaxBytes);
    }

    private void writeCluster(JsonGenerator json) throws IOException {
        if (!cluster.isEmpty()) {
            json.writeStringField("cluster", cluster);
        }
        if (!connectUrls.isEmpty()) {
            json.writeArrayFieldStart("connect_urls");
            for (String url : connectUrls) {
                json.writeString(url);
            }
            json.writeEndArray();
        }
    }
}
