package io.stanchion.node.log;

import io.stanchion.node.config.NodeConfig.LogFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.jspecify.annotations.Nullable;

/**
 * The log in a file, as nats-server keeps it: opened again on request, for those who have moved it away, and set aside under a name with the
 * time when it has reached its size. The libraries' appenders cannot be told to open their file again.
 */
final class FileLog extends AbstractAppender {
    private final LogFile wanted;
    private final Path path;
    private final LogLine layout;
    private final Lock lock = new ReentrantLock();
    private @Nullable FileOutputStream out; // no channel: one that is used by an interrupted thread closes for good
    private long size;

    FileLog(LogFile wanted, LogLine layout) {
        super("log", null, layout, true, Property.EMPTY_ARRAY);
        this.wanted = wanted;
        this.path = Path.of(wanted.name());
        this.layout = layout;
    }

    @Override
    public void append(LogEvent event) {
        lock.lock();
        try {
            write(layout.toByteArray(event));
            if (wanted.bytesMax() > 0 && size > wanted.bytesMax()) {
                setAside(event);
            }
        } catch (IOException e) {
            error("cannot write to " + path, event, e);
        } finally {
            lock.unlock();
        }
    }

    /** The name may lead to another file now. */
    void reopen() throws IOException {
        lock.lock();
        try {
            close();
            open();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            close();
        } catch (IOException e) {
            error("cannot close " + path, e);
        } finally {
            lock.unlock();
        }
        super.stop();
    }

    private void write(byte[] line) throws IOException {
        FileOutputStream file = out == null ? open() : out;
        file.write(line);
        size += line.length;
    }

    private FileOutputStream open() throws IOException {
        if (!Files.exists(path)) {
            touch(path);
        }
        FileOutputStream opened = new FileOutputStream(path.toFile(), true);
        out = opened;
        size = Files.size(path);
        return opened;
    }

    /**
     * Creates a file that is not there, and fails if it cannot be written. A new one is nobody's business but its owner's and his group's:
     * it may show what clients say.
     */
    static void touch(Path file) throws IOException {
        Set<StandardOpenOption> forLines = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        boolean knowsModes = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = knowsModes
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
                }
                : new FileAttribute<?>[0];
        FileChannel.open(file, forLines, attributes).close();
    }

    private void close() throws IOException {
        FileOutputStream file = out;
        out = null;
        if (file != null) {
            file.close();
        }
    }

    private void setAside(LogEvent event) throws IOException {
        String time = DateTimeFormatter.ofPattern("yyyy.MM.dd.HH.mm.ss.nnnnnnnnn")
                .format(LocalDateTime.now(ZoneId.systemDefault()));
        Path backup = path.resolveSibling(path.getFileName() + "." + time);
        close();
        Files.move(path, backup);
        open();
        write(layout.line(event, "Rotated log, backup saved as \"" + backup + "\"")
                .getBytes(StandardCharsets.UTF_8));
        deleteOldest();
    }

    private void deleteOldest() throws IOException {
        if (wanted.filesMax() == 0) {
            return;
        }
        String prefix = path.getFileName() + ".";
        try (Stream<Path> files = Files.list(path.toAbsolutePath().getParent())) {
            List<Path> backups = files.filter(
                            file -> String.valueOf(file.getFileName()).startsWith(prefix) && isBackup(file, prefix))
                    .sorted()
                    .toList();
            for (Path old : backups.subList(0, Math.max(0, backups.size() - (wanted.filesMax() - 1)))) {
                Files.delete(old);
            }
        }
    }

    private static boolean isBackup(Path file, String prefix) {
        return String.valueOf(file.getFileName()).substring(prefix.length()).matches("\\d{4}(\\.\\d{2}){5}\\.\\d{9}");
    }
}
