package io.stanchion.node.raft;

/** What this node's own log says. */
final class OwnPlace implements Membership.Place {
    /** So many questions before the answer is yes. */
    int memberAfter;

    boolean hasLeader = true;
    boolean leads;
    long term;
    long committed = -1;
    Runnable onQuestion = () -> {};

    @Override
    public boolean isMember() {
        return memberAfter-- <= 0;
    }

    @Override
    public boolean hasLeader() {
        onQuestion.run();
        return hasLeader;
    }

    @Override
    public boolean leads() {
        return leads;
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public long committed() {
        return committed;
    }
}
