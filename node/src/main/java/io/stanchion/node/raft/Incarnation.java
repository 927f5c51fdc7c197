package io.stanchion.node.raft;

import java.io.IOException;

/** The number of this life of a gateway: the machine knows by it what an earlier life has sent. */
public interface Incarnation {
    /** Greater than at any earlier start, as far as this node remembers. */
    long incarnation();

    /** The machine remembers this one, so the present one must be greater. It is on disk when this returns. */
    void exceed(long known) throws IOException;
}
