package io.stanchion.raftsm.ratis;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.command.Batch;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.Inspection;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Observation;
import io.stanchion.raftsm.model.Totals;
import io.stanchion.raftsm.store.Checkpoint;
import io.stanchion.raftsm.store.LogPosition;
import io.stanchion.raftsm.store.Pace;
import io.stanchion.raftsm.store.RunStore;
import io.stanchion.raftsm.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine and its store, from one opening of the database to its closing. Owned by the apply thread; others may {@link #look}. */
final class Replica {
    private static final Logger log = LoggerFactory.getLogger(Replica.class);

    /** What Ratis adds to an entry, about; and what an entry without a command costs. */
    private static final int ENTRY_OVERHEAD_BYTES = 64;

    private final Store store;
    private final MachineState state;
    private final LogRetention retention;
    private final Runnable snapshotDue;

    /** Held while an entry changes the model. Fair, so that a reader's turn comes when entries follow one another without a pause. */
    private final Lock changing = new ReentrantLock(true);

    private volatile Totals totals;
    private volatile long clockNanos;
    private volatile long changes;
    private volatile boolean isSnapshotDue;
    private volatile boolean isBroken;

    /**
     * @param effects what the leader owes, in order
     * @param observations for this node, in order
     */
    record Applied(ByteString reply, List<Effect> effects, List<Observation> observations) {}

    Replica(ReplicaSetup setup) throws IOException {
        store = Store.open(setup.directory(), setup.store(), setup.encryption(), e -> onWriteFailure(setup.role(), e));
        state = store.restore();
        totals = state.totals();
        clockNanos = state.clockNanos();
        retention = new LogRetention(setup.log(), setup.nanoTime(), position().index());
        snapshotDue = setup.snapshotDue();
    }

    private static void onWriteFailure(RoleListener role, Throwable failure) {
        if (Damage.isIn(failure)) {
            role.onDamage("the database can't be written: " + Damage.reason(failure), failure);
        } else {
            role.onFault("the database can't be written", failure);
        }
    }

    LogPosition position() {
        return store.position();
    }

    /** @param content of the entry, as it was before it was sealed */
    Applied apply(LogEntryProto entry, ByteString content) {
        BatchApplier.Result result = change(entry.getTerm(), entry.getIndex(), parse(content));
        store.applied(state, new LogPosition(entry.getTerm(), entry.getIndex()), content.size());
        totals = state.totals();
        clockNanos = state.clockNanos();
        count(entry.getIndex(), content.size());
        changes = state.comparison().changes();
        return new Applied(result.reply(), result.effects(), state.comparison().drain());
    }

    private BatchApplier.Result change(long term, long index, Batch batch) {
        changing.lock();
        try {
            return BatchApplier.apply(term, index, batch, state);
        } finally {
            changing.unlock();
        }
    }

    /** The answer to a question about the model; apply waits for it. May be called from any thread. */
    <T> T look(Function<Inspection, T> question) {
        changing.lock();
        try {
            return question.apply(new Inspection(state));
        } finally {
            changing.unlock();
        }
    }

    private static Batch parse(ByteString content) {
        try {
            return Proposal.parse(content);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the log holds something that is not a batch", e);
        }
    }

    /** An entry that is none of the machine's business. Its position counts: what the log is cut behind must be what was flushed. */
    void skip(LogPosition position) {
        store.skipped(position);
        count(position.index(), 0);
    }

    private void count(long index, int bytes) {
        retention.applied(index, bytes + ENTRY_OVERHEAD_BYTES);
        if (retention.tryAsk()) {
            isSnapshotDue = true;
            // Most of the work is done beforehand, so that the snapshot itself stops the apply thread for a moment
            // only.
            store.flushInBackground(snapshotDue);
        }
    }

    boolean isSnapshotDue() {
        return isSnapshotDue;
    }

    /** Returns where everything stands that is on disk now. */
    LogPosition flush() throws IOException {
        store.flush(state);
        retention.snapshotTaken();
        isSnapshotDue = false;
        return store.position();
    }

    /** How far the log may be cut, after a {@link #flush}. */
    long releaseLog() {
        long index = retention.release(store.oldestOpenCheckpoint());
        if (index > store.position().index()) {
            throw new IllegalStateException(
                    "the log must not be cut at " + index + ": the database is at " + store.position());
        }
        return index;
    }

    void scrub(Pace pace) throws InterruptedException {
        store.scrub(pace);
    }

    Checkpoint newCheckpoint() throws IOException {
        return store.newCheckpoint();
    }

    /** After the last entry that was applied. May be called from any thread. */
    Totals totals() {
        return totals;
    }

    /** The log's clock after the last entry that was applied. May be called from any thread. */
    long clockNanos() {
        return clockNanos;
    }

    RunStore runs() {
        return store.runs();
    }

    int heartbeatsMissed(ByteString connId) {
        return state.heartbeatsMissed(connId);
    }

    long sessionNumber(String clientId) {
        return state.sessionNumber(clientId);
    }

    /** Grows with every entry that may have changed something worth comparing. May be called from any thread. */
    long changes() {
        return changes;
    }

    Digest digest() {
        return state.digest();
    }

    /** The machine is in an unknown state: nothing of it may be written any more. */
    void breakDown() {
        isBroken = true;
    }

    /** The database is about to be replaced; nothing needs to be written. */
    void abandon() {
        store.close();
    }

    void close() throws IOException {
        if (isBroken) {
            log.warn("closing the database without what was applied last; the log has it");
            store.close();
        } else {
            store.close(state);
        }
    }
}
