package io.stanchion.gateway.connection;

/** Why a connection ended, in the words that monitoring shows. */
public enum CloseReason {
    CLIENT_CLOSED("Client Closed"),
    READ_ERROR("Read Error"),
    PROTOCOL_VIOLATION("Protocol Violation"),
    CONTROL_LINE_EXCEEDED("Maximum Control Line Exceeded"),
    PAYLOAD_EXCEEDED("Maximum Message Payload Exceeded"),
    AUTHENTICATION_FAILURE("Authentication Failure"),
    CONNECTIONS_EXCEEDED("Maximum Connections Exceeded"),
    BAD_PROTOCOL_VERSION("Bad Client Protocol Version"),
    NO_RESPONDERS_REQUIRES_HEADERS("No Responders Requires Headers"),
    STALE_CONNECTION("Stale Connection"),
    SLOW_CONSUMER_PENDING_BYTES("Slow Consumer (Pending Bytes)"),
    SLOW_CONSUMER_WRITE_DEADLINE("Slow Consumer (Write Deadline)"),
    WRITE_ERROR("Write Error"),
    SERVER_SHUTDOWN("Server Shutdown");

    private final String text;

    CloseReason(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    boolean isSlowConsumer() {
        return this == SLOW_CONSUMER_PENDING_BYTES || this == SLOW_CONSUMER_WRITE_DEADLINE;
    }
}
