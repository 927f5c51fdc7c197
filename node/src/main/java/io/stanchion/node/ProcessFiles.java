package io.stanchion.node;

import io.stanchion.node.config.NodeConfig.RunFiles;
import io.stanchion.node.config.Program;
import io.stanchion.node.files.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Files that tell scripts about this process: its ID, and the ports it listens on. They go away when it ends as it should. */
final class ProcessFiles implements AutoCloseable {
    private static final String PID_FILE = "pid_file";
    private static final String PORTS_FILE_DIR = "ports_file_dir";

    private final Program program;
    private final String ports;
    private final long pid = ProcessHandle.current().pid();
    private RunFiles present = new RunFiles("", "");

    /**
     * @param clients {@code host:port} of the port for clients, for each address of this machine
     * @param monitors the same of the one for monitoring
     */
    record Listeners(List<String> clients, List<String> monitors) {}

    private ProcessFiles(Program program, Listeners listeners) {
        this.program = program;
        this.ports = json(listeners);
    }

    /** @param program that this process runs as: test harnesses of the reference look for the name of its executable */
    static ProcessFiles write(RunFiles wanted, Program program, Listeners listeners) throws IOException {
        ProcessFiles files = new ProcessFiles(program, listeners);
        files.replace(wanted);
        return files;
    }

    /** Writes those that are wanted now, and deletes those that are wanted no more. */
    void replace(RunFiles wanted) throws IOException {
        checkFolders(wanted);
        RunFiles before = present;
        if (!wanted.pidFile().isEmpty()) {
            write(Path.of(wanted.pidFile()), PID_FILE, Long.toString(pid));
        }
        if (!wanted.portsDirectory().isEmpty()) {
            write(portsFile(wanted), PORTS_FILE_DIR, ports);
        }
        present = wanted;
        if (!before.pidFile().equals(wanted.pidFile())) {
            delete(before.pidFile(), Path.of(before.pidFile()));
        }
        if (!before.portsDirectory().equals(wanted.portsDirectory())) {
            delete(before.portsDirectory(), portsFile(before));
        }
    }

    private Path portsFile(RunFiles files) {
        return Path.of(files.portsDirectory(), program.serverName() + "_" + pid + ".ports");
    }

    private static void delete(String key, Path file) throws IOException {
        if (!key.isEmpty()) {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Before anything else runs: a node should not join its cluster and then leave because of one of these.
     *
     * @throws IOException naming the setting, if the folder of a file is not there
     */
    static void checkFolders(RunFiles wanted) throws IOException {
        if (!wanted.pidFile().isEmpty()) {
            Path file = path(PID_FILE, wanted.pidFile());
            checkFolder(PID_FILE, file, file.toAbsolutePath().getParent());
        }
        if (!wanted.portsDirectory().isEmpty()) {
            Path folder = path(PORTS_FILE_DIR, wanted.portsDirectory());
            checkFolder(PORTS_FILE_DIR, folder, folder);
        }
    }

    private static Path path(String key, String text) throws IOException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IOException(key + ": this cannot be the name of a file", e);
        }
    }

    private static void checkFolder(String key, Path value, @Nullable Path folder) throws IOException {
        if (folder == null || !Files.exists(folder)) {
            throw new IOException(key + ": cannot write to " + value + ": the folder does not exist; create it");
        } else if (!Files.isDirectory(folder)) {
            throw new IOException(key + ": cannot write to " + value + ": " + folder + " is a file, not a folder");
        }
    }

    private static void write(Path file, String key, String text) throws IOException {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IOException(key + ": cannot write " + file + ": " + Reasons.ofWriting(e), e);
        }
    }

    private static String json(Listeners listeners) {
        String json = "{\"nats\":[" + urls("nats", listeners.clients()) + "]";
        if (!listeners.monitors().isEmpty()) {
            json += ",\"monitoring\":[" + urls("http", listeners.monitors()) + "]";
        }
        return json + "}";
    }

    private static String urls(String scheme, List<String> addresses) {
        return addresses.stream()
                .map(address -> '"' + scheme + "://" + address + '"')
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() throws IOException {
        replace(new RunFiles("", ""));
    }
}
