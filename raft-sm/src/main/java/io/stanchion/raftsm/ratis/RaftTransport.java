package io.stanchion.raftsm.ratis;

import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.jspecify.annotations.Nullable;

/**
 * Ratis' gRPC with one decision of the leader made differently: when to ask a follower for an installation. Ratis makes an instance by the
 * name of this class.
 *
 * <p>Ratis asks for one if it can't say what comes before the first entry it has. A follower that has applied exactly what comes before
 * answers that it has it, the leader notes that, and asks again, and nothing else is sent until the log is cut at another place.
 */
public final class RaftTransport implements RpcType {
    /** A server with these properties uses this. */
    public static void use(RaftProperties properties) {
        RaftConfigKeys.Rpc.setType(properties, new RaftTransport());
    }

    @Override
    public String name() {
        return RaftTransport.class.getName();
    }

    @Override
    public RpcFactory newFactory(@Nullable Parameters parameters) {
        return new Factory(parameters);
    }

    private static final class Factory extends GrpcFactory {
        Factory(@Nullable Parameters parameters) {
            super(parameters);
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
            return new Appender(server, leader, follower);
        }
    }

    private static final class Appender extends GrpcLogAppender {
        Appender(RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
            super(server, leader, follower);
        }

        @Override
        public boolean shouldInstallSnapshot(boolean hasSnapshot) {
            return super.shouldInstallSnapshot(hasSnapshot) && !hasAllBeforeTheLog();
        }

        /**
         * The follower has said that its snapshot ends right before the log's first entry. A snapshot holds committed entries only, so
         * there is nothing to compare: Ratis sends the entries after it without a previous one, and its follower takes them.
         */
        private boolean hasAllBeforeTheLog() {
            FollowerInfo follower = getFollower();
            long next = follower.getNextIndex();
            return follower.hasAttemptedToInstallSnapshot()
                    && next == follower.getSnapshotIndex() + 1
                    && next == getRaftLog().getStartIndex();
        }
    }
}
