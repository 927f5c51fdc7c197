package io.stanchion.node;

/** What a node tells the process that it is in. On any thread; calls must return at once. */
public interface NodeEvents {
    /** This node can't go on, and its state can't be trusted: the process should end without writing anything. */
    void onFault(String what, Throwable cause);

    /** The cluster has this node no more: it should be stopped. */
    void onRemoved();

    /**
     * This node should be closed, and started again with what it finds then: its data is out of use, it has another name, or a checkpoint
     * waits for it.
     */
    void onRestart(String reason);
}
