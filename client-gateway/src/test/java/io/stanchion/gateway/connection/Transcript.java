package io.stanchion.gateway.connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A conversation with the gateway, one rule of the protocol each. Lines:
 *
 * <pre>
 * C: SUB a 1~          the client says; ~ is CR LF, \r \n \t \\ \xNN as in C; C2: is a second client
 * S: MSG a 1 2~hi~     all that the server has said since, &lt;*&gt; is any text, &lt;a|b&gt; one of several
 * connect, connect2    a common CONNECT, and its answer
 * tick 2500            so many milliseconds pass
 * closed, closed2      the server has closed, and said nothing more
 * limits payload=16    limits that are not the default
 * </pre>
 */
record Transcript(String name, List<Step> steps) {
    private static final String CONNECT = "CONNECT {\"verbose\":false,\"pedantic\":false,\"protocol\":1,\"echo\":true,"
            + "\"headers\":true,\"no_responders\":true}~PING~";

    enum Kind {
        CLIENT,
        SERVER,
        TICK,
        CLOSED,
        LIMITS
    }

    record Step(Kind kind, int client, String text) {}

    static List<Transcript> readAll(Path directory) throws IOException {
        List<Transcript> all = new ArrayList<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                all.add(read(file));
            }
        }
        return all;
    }

    /** All bytes that the clients send, one after the other. */
    int clientBytes() {
        return steps.stream()
                .filter(step -> step.kind == Kind.CLIENT)
                .mapToInt(step -> step.text.length())
                .sum();
    }

    static Pattern pattern(String expected) {
        StringBuilder regex = new StringBuilder();
        int from = 0;
        for (int open = expected.indexOf('<'); open >= 0; open = expected.indexOf('<', from)) {
            int close = expected.indexOf('>', open);
            String choice = expected.substring(open + 1, close);
            regex.append(Pattern.quote(expected.substring(from, open)))
                    .append(choice.equals("*") ? "[^\r]*" : "(?:" + choice + ")");
            from = close + 1;
        }
        return Pattern.compile(
                regex.append(Pattern.quote(expected.substring(from))).toString(), Pattern.DOTALL);
    }

    private static Transcript read(Path file) throws IOException {
        List<Step> steps = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            readLine(line, steps, file);
        }
        return new Transcript(file.getFileName().toString(), steps);
    }

    private static void readLine(String line, List<Step> steps, Path file) {
        int colon = line.indexOf(": ");
        String word = colon > 0 && colon <= 2 ? line.substring(0, colon) : line.split(" ", 2)[0];
        int client = word.endsWith("2") ? 1 : 0;
        String rest = line.substring(Math.min(line.length(), word.length() + (colon > 0 && colon <= 2 ? 2 : 1)));
        switch (word) {
            case "C", "C2" -> steps.add(new Step(Kind.CLIENT, client, unescaped(rest)));
            case "S", "S2" -> steps.add(new Step(Kind.SERVER, client, unescaped(rest)));
            case "connect", "connect2" -> {
                steps.add(new Step(Kind.CLIENT, client, unescaped(CONNECT)));
                steps.add(new Step(Kind.SERVER, client, unescaped("PONG~INFO <*>~")));
            }
            case "closed", "closed2" -> steps.add(new Step(Kind.CLOSED, client, ""));
            case "tick" -> steps.add(new Step(Kind.TICK, 0, rest));
            case "limits" -> steps.add(new Step(Kind.LIMITS, 0, rest));
            default -> throw new IllegalArgumentException(file + ": " + line);
        }
    }

    private static String unescaped(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '~') {
                result.append("\r\n");
            } else if (c == '\\' && "rnt\\x".indexOf(text.charAt(i + 1)) >= 0) {
                char escape = text.charAt(++i);
                if (escape == 'x') {
                    result.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                } else {
                    result.append("\r\n\t\\".charAt("rnt\\".indexOf(escape)));
                }
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }
}
