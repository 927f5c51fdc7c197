package io.stanchion.node.monitor;

/** An answer over HTTP. */
record Page(int status, String contentType, String body) {
    private static final String JSON = "application/json";

    static final int OK = 200;
    static final int NO_CONTENT = 204;
    static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int UNAVAILABLE = 503;

    static Page json(int status, String body) {
        return new Page(status, JSON, body);
    }

    boolean isJson() {
        return contentType.equals(JSON);
    }

    /** For browsers that take data from other places only as a script. */
    Page calling(String function) {
        return new Page(status, "application/javascript", function + "(" + body + ")");
    }

    static Page text(int status, String contentType, String body) {
        return new Page(status, contentType + "; charset=utf-8", body);
    }
}
