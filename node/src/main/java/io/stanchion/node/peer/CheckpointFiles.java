package io.stanchion.node.peer;

import io.stanchion.proto.peer.CheckpointChunk;
import io.stanchion.proto.peer.CheckpointEnd;
import io.stanchion.proto.peer.CheckpointFile;
import io.stanchion.raftsm.store.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Writes the files of a checkpoint as they come. A stream that ends early is an error, whatever has come. */
final class CheckpointFiles implements AutoCloseable {
    private final Path target;
    private @Nullable FileChannel open;
    private String name = "";
    private long missing;
    private int files;
    private @Nullable CheckpointEnd end;

    CheckpointFiles(Path target) {
        this.target = target;
    }

    void accept(CheckpointChunk chunk) throws IOException {
        switch (chunk.getChunkCase()) {
            case FILE -> begin(chunk.getFile());
            case DATA -> write(chunk.getData().asReadOnlyByteBuffer());
            case END -> {
                finish();
                end = chunk.getEnd();
            }
            default -> throw new IOException("a part of a checkpoint that this version does not know");
        }
    }

    private void begin(CheckpointFile file) throws IOException {
        finish();
        name = file.getName();
        if (!name.matches("[A-Za-z0-9._-]+") || name.startsWith("..")) {
            throw new IOException("a checkpoint has no file called \"" + name + "\"");
        }
        open = FileChannel.open(target.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        missing = file.getSize();
        files++;
    }

    private void write(ByteBuffer data) throws IOException {
        FileChannel file = open;
        if (file == null || data.remaining() > missing) {
            throw new IOException("more data than announced for file \"" + name + "\"");
        }
        missing -= data.remaining();
        while (data.hasRemaining()) {
            file.write(data);
        }
    }

    private void finish() throws IOException {
        if (missing > 0) {
            throw new IOException("file \"" + name + "\" is " + missing + " bytes short");
        }
        close();
    }

    LogPosition end() throws IOException {
        CheckpointEnd known = end;
        if (known == null || known.getFiles() != files) {
            throw new IOException("the checkpoint ended early, after " + files + " files");
        }
        return new LogPosition(known.getTerm(), known.getIndex());
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
