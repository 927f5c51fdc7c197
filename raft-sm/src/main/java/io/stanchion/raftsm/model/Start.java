package io.stanchion.raftsm.model;

/**
 * Where a new subscription begins.
 *
 * @param position raw pb.StartPosition
 * @param sequence unsigned, for {@link #AT_SEQUENCE}
 * @param timeDelta nanoseconds before now, for {@link #AT_TIME}; negative lies in the future
 */
public record Start(int position, long sequence, long timeDelta) {
    static final int NEW_ONLY = 0;
    static final int LAST_RECEIVED = 1;
    static final int AT_TIME = 2;
    static final int AT_SEQUENCE = 3;
    static final int FIRST = 4;

    public boolean isKnown() {
        return position >= NEW_ONLY && position <= FIRST;
    }

    /** The sequence behind which delivery begins. */
    long lastSent(Channel channel, long nowNanos) {
        return switch (position) {
            case NEW_ONLY -> channel.last();
            case LAST_RECEIVED -> Math.max(0, channel.last() - 1);
            case AT_TIME -> channel.firstSince(sinceNanos(nowNanos)) - 1;
            case AT_SEQUENCE -> behindSequence(channel);
            case FIRST -> channel.first() - 1;
            default -> throw new IllegalStateException("start position " + position);
        };
    }

    private long sinceNanos(long nowNanos) {
        long since = nowNanos - timeDelta;
        if (timeDelta < 0 && since < nowNanos) {
            return Long.MAX_VALUE;
        }
        return timeDelta > 0 && since > nowNanos ? Long.MIN_VALUE : since;
    }

    private long behindSequence(Channel channel) {
        if (Long.compareUnsigned(sequence, channel.first()) < 0) {
            return channel.first() - 1;
        }
        return Long.compareUnsigned(sequence, channel.last()) > 0 ? channel.last() : sequence - 1;
    }
}
