package io.stanchion.raftsm.ratis;

import io.stanchion.raftsm.store.CheckpointSource;
import io.stanchion.raftsm.store.InstallArea;
import io.stanchion.raftsm.store.LogPosition;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pulls checkpoints on a thread of its own, `checkpoint-pull`: it may take minutes. */
final class CheckpointInstaller implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CheckpointInstaller.class);

    private final InstallArea area;
    private final CheckpointSource source;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), CheckpointInstaller::newThread);

    CheckpointInstaller(InstallArea area, CheckpointSource source) {
        this.area = area;
        this.source = source;
    }

    /** A pull that hangs must not keep the process from ending: what it has copied is worth nothing until it is whole. */
    private static Thread newThread(Runnable job) {
        Thread thread = new Thread(job, "checkpoint-pull");
        thread.setDaemon(true);
        return thread;
    }

    /** Ratis asks for one at a time; the future fails if there is none to be had now, and Ratis asks again with the next heartbeat. */
    CompletableFuture<LogPosition> pull(String leaderNodeId, long atLeastIndex) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return pullNow(leaderNodeId, atLeastIndex);
                    } catch (IOException | RuntimeException e) {
                        log.warn("no checkpoint from {}: {}", leaderNodeId, e.toString());
                        throw new CompletionException(e);
                    }
                },
                thread);
    }

    private LogPosition pullNow(String leaderNodeId, long atLeastIndex) throws IOException {
        log.info("pulling a checkpoint from {} at index {} or later", leaderNodeId, atLeastIndex);
        LogPosition announced = source.pull(leaderNodeId, atLeastIndex, area.newIncoming());
        LogPosition accepted = area.accept(announced, atLeastIndex);
        log.info("pulled a checkpoint at term {} index {}", accepted.term(), accepted.index());
        return accepted;
    }

    /** A pull under way is interrupted; what it leaves behind is deleted before the next. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
