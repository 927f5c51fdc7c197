package io.stanchion.chaos.mutant;

/** What can be broken, where, and by which judge it must be found. */
enum Mutant {
    REDELIVERED_FLAG_DROPPED(
            "io.stanchion.node.leader.DeliveryPage", "onMessage", Mutations.DropFlag.class, "redelivered-flag"),
    MESSAGES_REORDERED("io.stanchion.node.leader.DeliveryPage", "message", Mutations.Reorder.class, "redelivered-flag"),
    ACK_APPLIED_TWICE("io.stanchion.raftsm.model.Pending", "removeAll", Mutations.CountTwice.class, "in-flight-bound"),
    ACK_BEFORE_COMMIT(
            "io.stanchion.gateway.stan.PendingPublication", "recordBytes", Mutations.AckAtOnce.class, "lost-messages");

    final String className;
    final String method;
    final Class<?> advice;
    final String checker;

    Mutant(String className, String method, Class<?> advice, String checker) {
        this.className = className;
        this.method = method;
        this.advice = advice;
        this.checker = checker;
    }
}
