package io.stanchion.gateway.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a client has said about itself in CONNECT; before that, the defaults of protocol specification 3.3. A further CONNECT changes
 * what it names and keeps the rest. Owned by the connection's event loop.
 *
 * <p>Credentials are read over: nothing asks for them yet.
 */
public final class ConnectOptions {
    private static final JsonFactory JSON = new JsonFactory();

    private boolean verbose = true;
    private boolean pedantic = true;
    private boolean echo = true;
    private boolean headers;
    private boolean noResponders;
    private boolean namesAccount;
    private long protocol;
    private String name = "";
    private String lang = "";
    private String version = "";

    /** Whether this is one JSON object, whatever is in it. As in Go, {@code null} is an empty one. */
    public static boolean isObject(byte[] json) {
        try (JsonParser parser = newParser(json)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT && first != JsonToken.VALUE_NULL) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Takes over what a CONNECT says.
     *
     * @throws IOException if this is not one JSON object, or a field has another type than the protocol's
     */
    public void merge(byte[] json) throws IOException {
        try (JsonParser parser = newParser(json)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT && first != JsonToken.VALUE_NULL) {
                throw new IOException("CONNECT without an object");
            }
            while (first == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName().toLowerCase(Locale.ROOT);
                if (parser.nextToken() != JsonToken.VALUE_NULL) {
                    readField(field, parser);
                }
            }
            if (parser.nextToken() != null) {
                throw new IOException("something follows the object");
            }
        }
    }

    /** Bytes that are not UTF-8 become U+FFFD, which Jackson would not do: it refuses them. */
    private static JsonParser newParser(byte[] json) throws IOException {
        return JSON.createParser(new String(json, StandardCharsets.UTF_8));
    }

    public boolean verbose() {
        return verbose;
    }

    public boolean pedantic() {
        return pedantic;
    }

    public boolean echo() {
        return echo;
    }

    public boolean headers() {
        return headers;
    }

    public boolean noResponders() {
        return noResponders;
    }

    /** Whether one of the legacy fields {@code account} and {@code new_account} was used, which no server accepts. */
    public boolean namesAccount() {
        return namesAccount;
    }

    public long protocol() {
        return protocol;
    }

    public String name() {
        return name;
    }

    public String lang() {
        return lang;
    }

    public String version() {
        return version;
    }

    private void readField(String field, JsonParser parser) throws IOException {
        switch (field) {
            case "verbose" -> verbose = readBoolean(parser);
            case "pedantic" -> pedantic = readBoolean(parser);
            case "echo" -> echo = readBoolean(parser);
            case "headers" -> headers = readBoolean(parser);
            case "no_responders" -> noResponders = readBoolean(parser);
            case "tls_required" -> readBoolean(parser);
            case "new_account" -> namesAccount |= readBoolean(parser);
            case "account" -> namesAccount |= !readText(parser).isEmpty();
            case "protocol" -> protocol = readNumber(parser);
            case "name" -> name = readText(parser);
            case "lang" -> lang = readText(parser);
            case "version" -> version = readText(parser);
            case "user", "pass", "auth_token", "nkey", "sig", "jwt" -> readText(parser);
            default -> parser.skipChildren();
        }
    }

    private static boolean readBoolean(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new IOException(parser.currentName() + " is not true or false");
        };
    }

    private static String readText(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new IOException(parser.currentName() + " is not a string");
        }
        return parser.getText();
    }

    private static long readNumber(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new IOException(parser.currentName() + " is not an integer");
        }
        return parser.getLongValue();
    }
}
