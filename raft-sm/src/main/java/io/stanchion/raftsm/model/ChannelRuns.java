package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.RunIndex.Run;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runs of one channel: those that the store has taken over, and behind them those that wait for the next drain. */
final class ChannelRuns {
    private final ChangeLog changeLog;
    private final RunIndex stored;
    private final long channelId;
    private final List<PutRun> waiting = new ArrayList<>();

    ChannelRuns(ChangeLog changeLog, RunIndex stored, long channelId) {
        this.changeLog = changeLog;
        this.stored = stored;
        this.channelId = channelId;
    }

    void append(long first, int count, long timestampNanos, ByteString records) {
        if (waiting.isEmpty()) {
            changeLog.list(this);
        }
        waiting.add(new PutRun(channelId, first, count, timestampNanos, records));
    }

    void drainTo(List<PutRun> runs) {
        runs.addAll(waiting);
        waiting.clear();
    }

    /** The run that holds {@code sequence}, which is stored: anything else means that messages are missing. */
    Run holding(long sequence) {
        Run run = isWaiting(sequence) ? summary(waiting.get(waitingAt(sequence))) : stored.runAt(channelId, sequence);
        if (run == null || run.first() > sequence || run.last() < sequence) {
            throw new IllegalStateException(
                    "channel " + channelId + ": no run holds " + sequence + ", the next is " + run);
        }
        return run;
    }

    /** The first run at or behind {@code from} that is not older than {@code timestampNanos}. */
    @Nullable
    Run firstSince(long from, long timestampNanos) {
        Run run = isWaiting(from) ? null : stored.firstRunSince(channelId, from, timestampNanos);
        if (run != null) {
            return run;
        }
        for (PutRun put : waiting) {
            if (put.timestampNanos() >= timestampNanos && put.first() + put.count() > from) {
                return summary(put);
            }
        }
        return null;
    }

    private boolean isWaiting(long sequence) {
        return !waiting.isEmpty() && waiting.get(0).first() <= sequence;
    }

    private int waitingAt(long sequence) {
        int low = 0;
        int high = waiting.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (waiting.get(middle).first() <= sequence) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private static Run summary(PutRun put) {
        return new Run(
                put.first(), put.count(), put.timestampNanos(), put.records().size());
    }
}
