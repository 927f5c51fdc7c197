package io.stanchion.node.raft;

/** Remembers in memory. */
final class TestIncarnation implements Incarnation {
    private long present;

    TestIncarnation(long present) {
        this.present = present;
    }

    @Override
    public long incarnation() {
        return present;
    }

    @Override
    public void exceed(long known) {
        present = Math.max(present, known + 1);
    }
}
