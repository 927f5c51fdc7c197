package io.stanchion.node.monitor;

import java.nio.charset.StandardCharsets;

/** An answer over HTTP. */
record Page(int status, String contentType, byte[] body) {
    static final int OK = 200;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int UNAVAILABLE = 503;

    private static final String JSON = "application/json";

    static Page json(int status, String body) {
        return new Page(status, JSON, body.getBytes(StandardCharsets.UTF_8));
    }

    static Page text(int status, String contentType, String body) {
        return new Page(status, contentType + "; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
    }
}
