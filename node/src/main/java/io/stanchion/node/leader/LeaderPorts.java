package io.stanchion.node.leader;

import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Requests;
import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.raftsm.store.MessageReader;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;

/**
 * What a leader works with.
 *
 * @param clientOf the client ID of the session that has a subscription, for the log; empty if there is none
 * @param onFault this node can't go on: what happened, and why. Called on the leader's thread
 */
public record LeaderPorts(
        MessageBus bus,
        Requests requests,
        ReplicatedLog log,
        MessageReader reader,
        StanCounters counters,
        Clocks clocks,
        LongFunction<String> clientOf,
        BiConsumer<String, Throwable> onFault) {}
