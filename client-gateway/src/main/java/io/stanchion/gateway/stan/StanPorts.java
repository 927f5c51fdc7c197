package io.stanchion.gateway.stan;

import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Requests;
import io.stanchion.gateway.core.Timers;
import java.util.function.BooleanSupplier;

/**
 * What the streaming service stands on.
 *
 * @param names for the log
 * @param allNodesInTouch true while the interest of every other node is known here
 */
public record StanPorts(
        MessageBus bus,
        Requests requests,
        Timers timers,
        ReplicatedLog log,
        SessionView sessions,
        SubscriptionNames names,
        BooleanSupplier allNodesInTouch) {}
