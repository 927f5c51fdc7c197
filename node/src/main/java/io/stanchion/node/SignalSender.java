package io.stanchion.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code -sl}: tells another process of this program what to do, as nats-server does. */
final class SignalSender {
    private static final Map<String, String> SIGNALS = Map.of(
            "stop", "KILL",
            "quit", "INT",
            "term", "TERM",
            "reopen", "USR1",
            "ldm", "USR2",
            "reload", "HUP");

    private SignalSender() {}

    /**
     * @param text the command, with the process after an equals sign: its ID, or a file that holds it; without, it is the only one
     * @throws IOException saying what is wrong
     */
    static void send(String text) throws IOException, InterruptedException {
        int equals = text.indexOf('=');
        String command = equals < 0 ? text : text.substring(0, equals);
        String signal = SIGNALS.get(command);
        if (signal == null) {
            throw new IOException(
                    "unknown signal \"" + command + "\"; there are stop, quit, term, reopen, reload and ldm");
        }
        long pid = equals < 0 ? onlyOne() : read(text.substring(equals + 1));
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (kill.waitFor() != 0) {
            throw new IOException("cannot signal process " + pid + ": it is not there, or not yours");
        }
    }

    private static long onlyOne() throws IOException {
        List<Long> running = ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> process.info().arguments().map(List::of).orElse(List.of()).stream()
                        .anyMatch(Main.class.getName()::equals))
                .map(ProcessHandle::pid)
                .toList();
        if (running.isEmpty()) {
            throw new IOException("no server processes running");
        } else if (running.size() > 1) {
            throw new IOException(
                    "multiple server processes running: " + running + "; name one, like reload=" + running.get(0));
        }
        return running.get(0);
    }

    private static long read(String text) throws IOException {
        try {
            String pid = text.matches("\\d+")
                    ? text
                    : Files.readString(Path.of(text)).strip();
            return Long.parseLong(pid);
        } catch (IOException | NumberFormatException | InvalidPathException e) {
            throw new IOException("\"" + text + "\" is neither the ID of a process nor a file with one", e);
        }
    }
}
