package io.stanchion.chaos.profile;

import io.stanchion.chaos.checker.Finding;
import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.NodeException;
import java.io.Serial;
import java.util.List;

/**
 * Why a round could not go on, as a finding. The name says on whom it throws a light: a fault that could not be inflicted tells nothing about
 * the server, and must not pass for a broken server that was found out.
 */
final class Breakdown {
    /** A node did not do what it must. */
    static final String NODE = "node";

    /** The fault could not be inflicted. */
    static final String FAULT = "fault";

    /** Anything else: machine, clients. */
    static final String CLUSTER = "cluster";

    private Breakdown() {}

    /** A strike, with all that it needs. */
    @FunctionalInterface
    interface Strike {
        void run() throws Exception;
    }

    private static final class FaultException extends ClusterException {
        @Serial
        private static final long serialVersionUID = 1L;

        FaultException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What a node does wrong meanwhile is passed on; whatever else goes wrong is the fault's. */
    static void strike(String nemesis, Strike strike) throws InterruptedException {
        try {
            strike.run();
        } catch (InterruptedException | NodeException e) {
            throw e;
        } catch (Exception e) {
            throw new FaultException(nemesis + " could not be done: " + e.getMessage(), e);
        }
    }

    static Finding finding(ClusterException e) {
        String name = e instanceof NodeException ? NODE : e instanceof FaultException ? FAULT : CLUSTER;
        return new Finding(name, String.valueOf(e.getMessage()), List.of());
    }
}
