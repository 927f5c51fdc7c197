package io.stanchion.gateway.wire;

import java.nio.charset.StandardCharsets;

/** What a server says besides messages and INFO. Nobody changes these arrays. */
public final class NatsWriter {
    private static final byte[] PING = ascii("PING\r\n");
    private static final byte[] PONG = ascii("PONG\r\n");
    private static final byte[] OK = ascii("+OK\r\n");

    private NatsWriter() {}

    public static byte[] ping() {
        return PING;
    }

    public static byte[] pong() {
        return PONG;
    }

    public static byte[] ok() {
        return OK;
    }

    /** The single quotes belong to the protocol: some clients look for them. */
    public static byte[] error(String text) {
        return ("-ERR '" + text + "'\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Go's {@code %q}, in which error texts quote subjects: clients extract them again. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c == '\r') {
                quoted.append("\\r");
            } else if (c == '\n') {
                quoted.append("\\n");
            } else if (c == '\t') {
                quoted.append("\\t");
            } else if (Character.isISOControl(c) || !Character.isDefined(c) || c == 0xFFFD) {
                quoted.append(c < 0x80 ? String.format("\\x%02x", c) : String.format("\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
