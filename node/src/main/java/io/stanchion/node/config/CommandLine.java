package io.stanchion.node.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line, by the rules of Go's flag package, because that is what operators and scripts of the reference know: one or two dashes,
 * the value after {@code =} or as the next word, booleans alone or with {@code =}, and nothing is read behind the first word without a
 * dash.
 *
 * @param configFile for NATS, and for streaming too if that has none; null if there is none
 * @param streamingFile null if there is none
 * @param signal what to send, empty for nothing
 */
record CommandLine(
        Request request,
        @Nullable String configFile,
        @Nullable String streamingFile,
        String signal,
        List<Word> settings) {
    /** What is asked for. */
    enum Request {
        RUN,
        TEST_CONFIG,
        SIGNAL,
        VERSION,
        HELP
    }

    /** A setting that was given, with its text. */
    record Word(Setting<?> setting, String flag, String text) {}

    static CommandLine parse(List<String> arguments) throws InvalidConfigException {
        Reader reader = new Reader(arguments);
        reader.read();
        if (!reader.problems.isEmpty()) {
            throw new InvalidConfigException(reader.problems.lines());
        }
        return new CommandLine(
                reader.request, reader.configFile, reader.streamingFile, reader.signal, List.copyOf(reader.words));
    }

    List<String> files() {
        return Stream.of(configFile, streamingFile)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .distinct()
                .toList();
    }

    void applyTo(Values values, Problems problems) {
        for (Word word : settings) {
            apply(word.setting(), word, values, problems);
        }
    }

    private static <T> void apply(Setting<T> setting, Word word, Values values, Problems problems) {
        try {
            T value = setting.kind().parse(word.text());
            values.put(setting, value, Place.flag(word.flag()));
            ForeignSettings.judge(setting, value, word.flag(), problems);
        } catch (MisfitException e) {
            problems.add("-" + word.flag() + ": " + e.getMessage());
        }
    }

    private static final class Reader {
        private final Deque<String> rest;
        private final Problems problems = new Problems();
        private final List<Word> words = new ArrayList<>();
        private Request request = Request.RUN;
        private @Nullable String configFile;
        private @Nullable String streamingFile;
        private String signal = "";

        Reader(List<String> arguments) {
            rest = new ArrayDeque<>(arguments);
        }

        void read() {
            while (!rest.isEmpty()) {
                String argument = rest.pop();
                if (argument.length() < 2 || !argument.startsWith("-")) {
                    readWord(argument);
                    return;
                }
                String flag = argument.substring(argument.startsWith("--") ? 2 : 1);
                if (flag.isEmpty()) {
                    return; // "--" ends the flags
                }
                int equals = flag.indexOf('=');
                readFlag(equals < 0 ? flag : flag.substring(0, equals), equals < 0 ? null : flag.substring(equals + 1));
            }
        }

        private void readWord(String word) {
            switch (word) {
                case "help" -> ask(Request.HELP);
                case "version" -> ask(Request.VERSION);
                default -> problems.add(word + ": is not understood; flags begin with a dash, see -help");
            }
        }

        private void readFlag(String flag, @Nullable String value) {
            switch (flag) {
                case "h", "help", "help_tls" -> ask(Request.HELP);
                case "v", "version" -> ask(Request.VERSION);
                case "t" -> ask(Request.TEST_CONFIG);
                case "DV", "DVV" -> addAll(flag, value, Settings.DEBUG, Settings.TRACE);
                case "SDV" -> addAll(flag, value, Settings.SD, Settings.SV);
                case "c", "config" -> configFile = readText(flag, value, configFile);
                case "sc", "stan_config" -> streamingFile = readText(flag, value, streamingFile);
                case "sl", "signal" -> readSignal(flag, value);
                default -> readSetting(flag, value);
            }
        }

        /** Help goes before all else, whatever comes first. */
        private void ask(Request asked) {
            if (asked.compareTo(request) > 0) {
                request = asked;
            }
        }

        private void addAll(String flag, @Nullable String value, Setting<?>... settings) {
            Arrays.stream(settings)
                    .forEach(setting -> words.add(new Word(setting, flag, value == null ? "true" : value)));
        }

        private @Nullable String readText(String flag, @Nullable String value, @Nullable String before) {
            String file = value == null ? rest.poll() : value;
            if (file == null || file.isEmpty()) {
                problems.add("-" + flag + ": needs the name of a file");
            } else if (before != null && !before.equals(file)) {
                problems.add("-" + flag + ": " + before + " is given already; put both in one file");
            }
            return file;
        }

        private void readSignal(String flag, @Nullable String value) {
            String text = value == null ? rest.poll() : value;
            if (text == null || text.isEmpty()) {
                problems.add("-" + flag + ": needs stop, quit, reopen, reload or ldm");
            } else {
                signal = text;
                ask(Request.SIGNAL);
            }
        }

        private void readSetting(String flag, @Nullable String value) {
            Optional<? extends Setting<?>> known = Settings.byFlag(flag);
            Setting<?> setting = known.isPresent()
                    ? known.get()
                    : ForeignSettings.byFlag(flag).map(Foreign::setting).orElse(null);
            if (setting == null) {
                problems.add("-" + flag + ": there is no such flag; see -help");
                rest.clear(); // whether the next word is its value, nobody knows
                return;
            }
            String text = value != null ? value : setting.isBoolean() ? "true" : rest.poll();
            if (text == null) {
                problems.add("-" + flag + ": needs a value");
            } else {
                words.add(new Word(setting, flag, text));
            }
        }
    }
}
