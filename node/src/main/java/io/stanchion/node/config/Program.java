package io.stanchion.node.config;

/** The name under which this executable was started: its defaults and exit statuses are those that users of this name expect. */
public enum Program {
    /** Keeps what it is given: without a word about the store, it is on disk. */
    STANCHION("stanchion"),
    /** Behaves as the program of that name does: without a word about the store, it is in memory. */
    REFERENCE("nats-streaming-server");

    private final String executable;

    Program(String executable) {
        this.executable = executable;
    }

    public String executable() {
        return executable;
    }

    /** What nats-server is called in the names of files that others look for: the reference writes its own name there. */
    public String serverName() {
        return this == REFERENCE ? executable : "nats-server";
    }

    /** By the last part of the path that it was called by. */
    public static Program of(String name) {
        return name.equals(REFERENCE.executable) ? REFERENCE : STANCHION;
    }
}
