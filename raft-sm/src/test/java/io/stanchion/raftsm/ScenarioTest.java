package io.stanchion.raftsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays each script of {@code src/test/resources/scenarios} and compares what comes out with what the script says behind its arrows.
 * With {@code -Dstanchion.scenarios.write=true} the scripts are rewritten instead: review the difference.
 */
final class ScenarioTest {
    private static final Path SCENARIOS = Path.of("src/test/resources/scenarios");

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsTheScriptSays() throws IOException {
        return scripts().stream()
                .map(path -> DynamicTest.dynamicTest(name(path), () -> {
                    String expected = Files.readString(path);
                    String actual = new Scenario(false).play(expected);
                    if (Boolean.getBoolean("stanchion.scenarios.write")) {
                        Files.writeString(path, actual);
                    } else {
                        assertThat(actual).isEqualTo(expected);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAlikeWhenRestoredAfterEachLine() throws IOException {
        return scripts().stream()
                .map(path -> DynamicTest.dynamicTest(name(path), () -> {
                    String script = Files.readString(path);
                    assertThat(new Scenario(true).play(script)).isEqualTo(new Scenario(false).play(script));
                }));
    }

    private static String name(Path path) {
        return path.getFileName().toString().replace(".txt", "").replace('-', ' ');
    }

    private static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            return files.sorted().toList();
        }
    }
}
