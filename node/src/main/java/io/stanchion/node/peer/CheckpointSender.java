package io.stanchion.node.peer;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.stanchion.proto.peer.CheckpointChunk;
import io.stanchion.proto.peer.CheckpointEnd;
import io.stanchion.proto.peer.CheckpointFile;
import io.stanchion.raftsm.store.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one checkpoint, as fast as the other side takes it, on a thread of its own. */
final class CheckpointSender implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(CheckpointSender.class);
    private static final int CHUNK_BYTES = 256 << 10;
    private static final long STALL_SECONDS_MAX = 60;

    /** Makes a checkpoint. */
    @FunctionalInterface
    interface Source {
        Checkpoint newCheckpoint() throws IOException;
    }

    private final Source source;
    private final long atLeastIndex;
    private final ServerCallStreamObserver<CheckpointChunk> receiver;
    private final Semaphore ready = new Semaphore(0);

    /** @param receiver not answered yet: its handlers are set here */
    CheckpointSender(Source source, long atLeastIndex, ServerCallStreamObserver<CheckpointChunk> receiver) {
        this.source = source;
        this.atLeastIndex = atLeastIndex;
        this.receiver = receiver;
        receiver.setOnReadyHandler(ready::release);
        receiver.setOnCancelHandler(ready::release);
    }

    @Override
    public void run() {
        try (Checkpoint checkpoint = source.newCheckpoint()) {
            if (checkpoint.position().index() < atLeastIndex) {
                throw new IOException("this node has applied up to "
                        + checkpoint.position().index() + " only, " + atLeastIndex + " is wanted");
            }
            int files = 0;
            for (Path file : checkpoint.files()) {
                send(file);
                files++;
            }
            receiver.onNext(CheckpointChunk.newBuilder()
                    .setEnd(CheckpointEnd.newBuilder()
                            .setTerm(checkpoint.position().term())
                            .setIndex(checkpoint.position().index())
                            .setFiles(files))
                    .build());
            receiver.onCompleted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            log.warn("a checkpoint could not be sent: {}", e.toString());
            receiver.onError(Status.UNAVAILABLE
                    .withDescription(String.valueOf(e.getMessage()))
                    .asRuntimeException());
        }
    }

    private void send(Path file) throws IOException, InterruptedException {
        receiver.onNext(CheckpointChunk.newBuilder()
                .setFile(CheckpointFile.newBuilder()
                        .setName(String.valueOf(file.getFileName()))
                        .setSize(Files.size(file)))
                .build());
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
            while (in.read(buffer) >= 0) {
                buffer.flip();
                if (buffer.hasRemaining()) {
                    awaitReady();
                    receiver.onNext(CheckpointChunk.newBuilder()
                            .setData(ByteString.copyFrom(buffer))
                            .build());
                }
                buffer.clear();
            }
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        while (!receiver.isReady()) {
            if (receiver.isCancelled()) {
                throw new IOException("the other node has gone");
            }
            if (!ready.tryAcquire(STALL_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("the other node has taken nothing for " + STALL_SECONDS_MAX + " s");
            }
        }
    }
}
