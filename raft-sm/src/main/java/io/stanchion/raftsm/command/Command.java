package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;

/** One decision that the log asks for. */
public sealed interface Command
        permits Append,
                Ack,
                OpenSession,
                CloseSession,
                Subscribe,
                StartDelivery,
                CloseSubscription,
                ExpireAcks,
                Redeliver,
                Heartbeat,
                PingSession,
                TakeOver,
                Configure,
                Tick,
                DeleteChannel,
                CompareDigests,
                ReportDigest {

    /** A function of its arguments and its own data: every node decides alike. A refusal is a reply; nothing is changed then. */
    Outcome apply(Meta meta, MachineState state);

    /** Whether it can change anything that is worth comparing. */
    default boolean mayChange() {
        return true;
    }
}
