package io.stanchion.chaos.mutant;

/** How one replica can become another than the rest: apply does nothing where it should, once. */
enum Deviation {
    MESSAGE_LOST("io.stanchion.raftsm.model.Channel", "append"),
    ACK_FORGOTTEN("io.stanchion.raftsm.model.Pending", "removeAll");

    final String className;
    final String method;

    Deviation(String className, String method) {
        this.className = className;
        this.method = method;
    }
}
