package io.stanchion.node.config;

/** What a configuration file is given for. */
enum FilePart {
    BOTH,
    /** Another file has what is for streaming, so this one's block for it does not count. */
    NATS,
    /** A block that both know is the one of streaming. */
    STREAMING
}
