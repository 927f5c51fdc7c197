package io.stanchion.node.leader;

/**
 * Takes what other threads have to tell the term: how a proposal or a heartbeat ended. Thread-safe, never blocks. Each outstanding
 * proposal or heartbeat posts once, and there is at most a handful of them per session and subscription; that is its bound.
 */
@FunctionalInterface
interface Mailbox {
    void post(Runnable message);
}
