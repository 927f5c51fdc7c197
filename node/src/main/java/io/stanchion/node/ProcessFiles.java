package io.stanchion.node;

import io.stanchion.gateway.net.GatewayServer;
import io.stanchion.node.config.NodeConfig.RunFiles;
import io.stanchion.node.files.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Files that tell scripts about this process: its ID, and the ports it listens on. They go away when it ends as it should. */
final class ProcessFiles implements AutoCloseable {
    private final List<Path> written = new ArrayList<>();

    private ProcessFiles() {}

    /** @param monitorPort 0 if there is no monitoring */
    static ProcessFiles write(RunFiles wanted, GatewayServer server, int monitorPort) throws IOException {
        ProcessFiles files = new ProcessFiles();
        long pid = ProcessHandle.current().pid();
        if (!wanted.pidFile().isEmpty()) {
            files.write(Path.of(wanted.pidFile()), "pid_file", Long.toString(pid));
        }
        if (!wanted.portsDirectory().isEmpty()) {
            // Test harnesses of the reference look for the name of its executable.
            Path file = Path.of(wanted.portsDirectory(), "nats-server_" + pid + ".ports");
            files.write(file, "ports_file_dir", ports(server, monitorPort));
        }
        return files;
    }

    /**
     * Before anything else runs: a node should not join its cluster and then leave because of one of these.
     *
     * @throws IOException naming the setting, if the folder of a file is not there
     */
    static void checkFolders(RunFiles wanted) throws IOException {
        if (!wanted.pidFile().isEmpty()) {
            Path file = path("pid_file", wanted.pidFile());
            checkFolder("pid_file", file, file.toAbsolutePath().getParent());
        }
        if (!wanted.portsDirectory().isEmpty()) {
            Path folder = path("ports_file_dir", wanted.portsDirectory());
            checkFolder("ports_file_dir", folder, folder);
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

    private void write(Path file, String key, String text) throws IOException {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IOException(key + ": cannot write " + file + ": " + Reasons.ofWriting(e), e);
        }
        written.add(file);
    }

    private static String ports(GatewayServer server, int monitorPort) {
        String clients = urls("nats", server.ownUrls());
        String json = "{\"nats\":[" + clients + "]";
        if (monitorPort != 0) {
            List<String> monitors = server.ownUrls().stream()
                    .map(url -> url.substring(0, url.lastIndexOf(':') + 1) + monitorPort)
                    .toList();
            json += ",\"monitoring\":[" + urls("http", monitors) + "]";
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
        for (Path file : written) {
            Files.deleteIfExists(file);
        }
    }
}
