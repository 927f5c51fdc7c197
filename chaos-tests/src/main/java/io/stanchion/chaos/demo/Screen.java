package io.stanchion.chaos.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prints lines, and below them one that changes. On a terminal the last line is rewritten in place and important words have colours; in
 * a pipe or a file the text is plain and the live line appears every few seconds. Used by one thread.
 */
final class Screen {
    private static final long PLAIN_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintWriter out;
    private final boolean terminal;
    private long lastLiveNanos = System.nanoTime() - PLAIN_INTERVAL_NANOS;
    private boolean liveShown;

    Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Looks at what standard output is, as a shell's {@code test -t 1} would. */
    static boolean standardOutputIsTerminal() {
        if (System.getenv("NO_COLOR") != null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        String target = tryReadLink(Path.of("/proc/self/fd/1"));
        if (target == null) {
            return Boolean.getBoolean("stanchion.terminal"); // Java cannot tell on every system, a launcher can
        }
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    }

    private static @Nullable String tryReadLink(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return null; // no /proc on this system
        }
    }

    /** Prints a line that stays. */
    void line(String text) {
        eraseLive();
        out.println(text);
        out.flush();
    }

    /** Shows the state of things; the next call replaces it. */
    void live(String text) {
        long now = System.nanoTime();
        if (terminal) {
            out.print(CLEAR_LINE + text);
            out.flush();
            liveShown = true;
        } else if (now - lastLiveNanos >= PLAIN_INTERVAL_NANOS) {
            lastLiveNanos = now;
            out.println(text);
            out.flush();
        }
    }

    String strong(String text) {
        return coloured("1", text);
    }

    String good(String text) {
        return coloured("1;32", text);
    }

    String bad(String text) {
        return coloured("1;31", text);
    }

    String soft(String text) {
        return coloured("2", text);
    }

    /** A bar of 20 places, with {@code done} of {@code total} filled. */
    String bar(long done, long total) {
        int places = 20;
        int filled = total == 0 ? 0 : (int) Math.min(places, places * done / total);
        return terminal ? "█".repeat(filled) + soft("░".repeat(places - filled)) : percent(done, total);
    }

    private static String percent(long done, long total) {
        return String.format("%3d %%", total == 0 ? 0 : 100 * done / total);
    }

    private String coloured(String code, String text) {
        return terminal ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private void eraseLive() {
        if (liveShown) {
            out.print(CLEAR_LINE);
            liveShown = false;
        }
    }
}
