package io.stanchion.gateway.wire;

/** Why a parser cannot go on. */
public enum Violation {
    UNKNOWN_OPERATION,
    /** A wrong number of arguments, a size that is none, or headers that were not agreed on. */
    BAD_ARGUMENTS,
    CONTROL_LINE_TOO_LONG,
    PAYLOAD_TOO_BIG,
    /** The other side has sent {@code -ERR}. */
    REMOTE_ERROR
}
