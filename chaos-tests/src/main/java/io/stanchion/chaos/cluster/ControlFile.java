package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A few numbers that a program in C has mapped into its memory: what is written here is seen there at once. */
record ControlFile(Path path) {
    private static final int BYTES = 64;

    /** All numbers are 0 from now on. */
    void clear() {
        write(ByteBuffer.allocate(BYTES), 0);
    }

    void set(int position, long value) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        write(bytes.putLong(0, value), position);
    }

    long get(int position) {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            file.read(bytes, position);
            return bytes.getLong(0);
        } catch (IOException e) {
            throw new ClusterException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private void write(ByteBuffer bytes, long position) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.write(bytes, position);
            }
        } catch (IOException e) {
            throw new ClusterException("cannot write " + path + ": " + e.getMessage(), e);
        }
    }
}
