package io.stanchion.node.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line, by the rules of Go's flag package, because that is what operators and scripts of the reference know: one or two dashes,
 * the value after {@code =} or as the next word, booleans alone or with {@code =}, and nothing is read behind the first word without a
 * dash.
 *
 * @param configFile null if there is none
 */
record CommandLine(Request request, @Nullable String configFile, List<Word> settings) {
    /** What is asked for. */
    enum Request {
        RUN,
        TEST_CONFIG,
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
        return new CommandLine(reader.request, reader.configFile, List.copyOf(reader.words));
    }

    void applyTo(Values values, Problems problems) {
        for (Word word : settings) {
            apply(word.setting(), word, values, problems);
        }
    }

    private static <T> void apply(Setting<T> setting, Word word, Values values, Problems problems) {
        try {
            values.put(setting, setting.kind().parse(word.text()), Place.flag(word.flag()));
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
                case "h", "help" -> ask(Request.HELP);
                case "v", "version" -> ask(Request.VERSION);
                case "t" -> ask(Request.TEST_CONFIG);
                case "DV" -> addAll(flag, value, Settings.DEBUG, Settings.TRACE);
                case "SDV" -> addAll(flag, value, Settings.SD, Settings.SV);
                case "c", "config", "sc", "stan_config" -> readConfigFile(flag, value);
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

        private void readConfigFile(String flag, @Nullable String value) {
            String file = value == null ? rest.poll() : value;
            if (file == null || file.isEmpty()) {
                problems.add("-" + flag + ": needs the name of a file");
            } else if (configFile != null && !configFile.equals(file)) {
                problems.add("-" + flag + ": " + configFile + " is given already; put both in one file");
            } else {
                configFile = file;
            }
        }

        private void readSetting(String flag, @Nullable String value) {
            Setting<?> setting = Settings.byFlag(flag).orElse(null);
            if (setting == null) {
                problems.add("-" + flag + ": "
                        + (Flags.NOT_YET.contains(flag)
                                ? "is not supported yet; remove it"
                                : "there is no such flag; see -help"));
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
