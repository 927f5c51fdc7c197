package io.stanchion.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.wire.NatsSink;
import io.stanchion.gateway.wire.PublishFrame;
import io.stanchion.gateway.wire.Violation;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what one client says and is told, as nats-server does. It stands between parser and {@link Connection} only while the log takes
 * traces, so that all the others pay nothing for it.
 */
final class ProtocolTrace implements NatsSink {
    private static final Logger log = LoggerFactory.getLogger(ProtocolTrace.class);

    /** What nobody should find in a log. */
    private static final Pattern SECRET =
            Pattern.compile("(\"(?:pass|auth_token|jwt|sig)\"\\s*:\\s*\")(?:[^\"\\\\]|\\\\.)*\"");

    private final NatsSink connection;
    private final String who;
    private final IntSupplier bytesMax;

    /**
     * @param who address and number of the client
     * @param bytesMax of a message that are shown; 0 for all
     */
    ProtocolTrace(NatsSink connection, String who, IntSupplier bytesMax) {
        this.connection = connection;
        this.who = who;
        this.bytesMax = bytesMax;
    }

    static boolean isOn() {
        return log.isTraceEnabled();
    }

    /** A line to the client. */
    void told(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8).stripTrailing();
        out(text.equals("+OK") ? "OK" : text);
    }

    /** A message to the client. */
    void told(Message message, boolean withHeaders, String sid) {
        int size = message.content().readableBytes();
        boolean hasHeaders = withHeaders && message.headerBytes() > 0;
        out((hasHeaders ? "HMSG " : "MSG ")
                + message.subject()
                + ' '
                + sid
                + (message.reply() == null ? "" : " " + message.reply())
                + (hasHeaders ? " " + message.headerBytes() : "")
                + ' '
                + (hasHeaders ? size : size - message.headerBytes()));
    }

    @Override
    public void onConnect(byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        in("CONNECT " + SECRET.matcher(text).replaceAll("$1[REDACTED]\""));
        connection.onConnect(json);
    }

    @Override
    public void onInfo(byte[] json) {
        in("INFO " + new String(json, StandardCharsets.UTF_8));
        connection.onInfo(json);
    }

    @Override
    public void onPublish(PublishFrame frame) {
        ByteBuf source = frame.source();
        boolean hasHeaders = frame.headerBytes() > 0;
        in((hasHeaders ? "HPUB " : "PUB ")
                + source.toString(frame.subjectStart(), frame.subjectLength(), StandardCharsets.UTF_8)
                + (frame.replyLength() == 0
                        ? ""
                        : " " + source.toString(frame.replyStart(), frame.replyLength(), StandardCharsets.UTF_8))
                + (hasHeaders ? " " + frame.headerBytes() : "")
                + ' '
                + frame.contentLength());
        log.trace("{} - <<- MSG_PAYLOAD: [{}]", who, shown(frame.content()));
        connection.onPublish(frame);
    }

    @Override
    public void onSub(byte[] subject, byte @Nullable [] queueGroup, byte[] sid) {
        in("SUB " + text(subject) + ' ' + (queueGroup == null ? "" : text(queueGroup)) + ' ' + text(sid));
        connection.onSub(subject, queueGroup, sid);
    }

    @Override
    public void onUnsub(byte[] sid, int max) {
        in("UNSUB " + text(sid) + (max == 0 ? "" : " " + max));
        connection.onUnsub(sid, max);
    }

    @Override
    public void onPing() {
        in("PING");
        connection.onPing();
    }

    @Override
    public void onPong() {
        in("PONG");
        connection.onPong();
    }

    @Override
    public void onViolation(Violation violation, String details) {
        connection.onViolation(violation, details);
    }

    private void in(String line) {
        log.trace("{} - <<- [{}]", who, line);
    }

    private void out(String line) {
        log.trace("{} - ->> [{}]", who, line);
    }

    private String shown(ByteBuf content) {
        int size = content.readableBytes();
        int max = bytesMax.getAsInt();
        boolean isCut = max > 0 && size > max;
        int length = isCut ? max : size;
        String text = content.toString(content.readerIndex(), length, StandardCharsets.UTF_8);
        // A line of the log must stay one line, whatever a client sends.
        String oneLine = text.chars()
                .collect(StringBuilder::new, ProtocolTrace::append, StringBuilder::append)
                .toString();
        return '"' + oneLine + (isCut ? "..." : "") + '"';
    }

    private static void append(StringBuilder shown, int c) {
        switch (c) {
            case '\r' -> shown.append("\\r");
            case '\n' -> shown.append("\\n");
            case '\t' -> shown.append("\\t");
            case '"' -> shown.append("\\\"");
            default -> {
                if (c < ' ' || c == 0x7F) {
                    shown.append(String.format("\\x%02x", c));
                } else {
                    shown.append((char) c);
                }
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
