package io.stanchion.raftsm.ratis;

import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.Observation;
import java.util.List;

/** Follows this replica's role. Calls must return at once: they come from Ratis' own threads. */
public interface RoleListener {
    /** This node leads, and everything of earlier terms is applied. On the apply thread. */
    void onLeaderReady(long term);

    /** Effects of an entry applied while this node leads {@code term}, in log order. On the apply thread. */
    void onEffects(long term, List<Effect> effects);

    /** This node does not lead any more. On any thread. */
    void onNotLeader();

    /** The leader, as far as this node knows, has changed; empty if unknown. On any thread. */
    void onLeaderChanged(String leaderNodeId);

    /** Whether this node leads or not. In log order, on the apply thread. */
    default void onObservation(Observation observation) {}

    /** The log has another set of nodes. On the apply thread, or one of Ratis' own. */
    default void onMembersChanged() {}

    /** This replica can't go on: the process must end. On any thread. */
    void onFault(String what, Throwable cause);
}
