package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no compiler looks at: size, words that mean "not finished", and documents that name what does not exist. */
class TidyTest {
    /** Lines of the longest file. It may only shrink. */
    private static final int LONGEST_FILE = 600;

    /** Lines of the longest method, its braces included. It may only shrink. */
    private static final int LONGEST_METHOD = 60;

    private static final Path ROOT = root();

    private static final List<Rule> RULES = List.of(
            new Rule("FIX" + "ME", ".*", "finish it, or file an issue and write TODO with its number"),
            new Rule("Thread\\." + "sleep\\(", ".*", "await a condition with a deadline (Awaitility in tests)"),
            new Rule(
                    "System\\." + "(out|err)\\.",
                    "(?!chaos-tests/).*",
                    "log through SLF4J; Main alone writes to the terminal, through PrintStream"),
            new Rule("printStack" + "Trace\\(", ".*", "log it, once, with what was being done"),
            new Rule("\\bsynchro" + "nized\\b", ".*/main/.*", "give the thing one owner and reach it by a queue"),
            new Rule(
                    "\\bHash" + "(Map|Set)\\b",
                    "raft-sm/src/main/java/io/stanchion/raftsm/model/.*",
                    "iteration must be equal on all nodes: TreeMap or LinkedHashMap"),
            new Rule("@Disa" + "bled", ".*", "mend or delete the test"));

    @Test
    void shouldKeepFilesSmallEnoughToHoldInOnesHead() {
        assertThat(sources().filter(file -> lines(file).size() > LONGEST_FILE).map(TidyTest::name))
                .as("files of more than %d lines: ask what wants out", LONGEST_FILE)
                .isEmpty();
    }

    @Test
    void shouldKeepMethodsShort() {
        assertThat(sources().flatMap(TidyTest::longMethods))
                .as("methods of more than %d lines", LONGEST_METHOD)
                .isEmpty();
    }

    @Test
    void shouldNotContainWhatIsBetterSaidOtherwise() {
        List<String> found = new ArrayList<>();
        for (Path file : sources().toList()) {
            for (Rule rule : RULES) {
                if (rule.appliesTo(name(file))) {
                    rule.find(file, found);
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void shouldGiveEveryPackageASentence() {
        List<Path> mute = sources()
                .filter(file -> name(file).contains("/src/main/"))
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                .toList();
        assertThat(mute).as("packages without package-info.java").isEmpty();
    }

    @Test
    void shouldOnlyNamePackagesThatExistInTheModulesReadmes() {
        Pattern packageName = Pattern.compile("`(io\\.stanchion\\.[a-z.]+)`");
        List<String> unknown = new ArrayList<>();
        for (String module : List.of("proto", "raft-sm", "client-gateway", "node", "chaos-tests")) {
            Path readme = ROOT.resolve(module).resolve("README.md");
            assertThat(readme).exists();
            packageName
                    .matcher(text(readme))
                    .results()
                    .map(found -> found.group(1))
                    .forEach(named -> {
                        if (sources().noneMatch(file -> name(file).contains("/" + named.replace('.', '/') + "/"))
                                && !named.startsWith("io.stanchion.proto")) {
                            unknown.add(readme + ": " + named);
                        }
                    });
        }
        assertThat(unknown).isEmpty();
    }

    private record Rule(Pattern text, Pattern where, String instead) {
        Rule(String text, String where, String instead) {
            this(Pattern.compile(text), Pattern.compile(where), instead);
        }

        boolean appliesTo(String file) {
            return where.matcher(file).matches();
        }

        void find(Path file, List<String> found) {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (text.matcher(lines.get(i)).find()) {
                    found.add(name(file) + ":" + (i + 1) + ": " + lines.get(i).strip() + "  -- " + instead);
                }
            }
        }
    }

    /** The formatter indents members by four blanks, so a method is what stands between "    … {" and "    }". */
    private static Stream<String> longMethods(Path file) {
        List<String> found = new ArrayList<>();
        List<String> lines = lines(file);
        int start = -1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.matches(" {4}\\S.*\\(.*|( {4}\\S.*\\{)")
                    && line.endsWith("{")
                    && !line.matches(".*\\b(class|record|interface|enum)\\b.*")) {
                start = i;
            } else if (line.equals("    }") && start >= 0) {
                if (i - start + 1 > LONGEST_METHOD) {
                    found.add(name(file) + ":" + (start + 1) + ": " + (i - start + 1) + " lines");
                }
                start = -1;
            }
        }
        return found.stream();
    }

    private static Stream<Path> sources() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> name(file).matches("[a-z-]+/src/.*"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path file) {
        return ROOT.relativize(file).toString();
    }

    private static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("raft-sm"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
