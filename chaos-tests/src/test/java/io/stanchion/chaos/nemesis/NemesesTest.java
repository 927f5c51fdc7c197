package io.stanchion.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NemesesTest {
    private static final int SEED = 4;

    @Test
    void shouldFindEachNemesisUnderItsOwnName() {
        assertThat(Nemeses.all()).extracting(Nemesis::name).doesNotHaveDuplicates();
        assertThat(Nemeses.all())
                .allSatisfy(nemesis -> assertThat(Nemeses.named(nemesis.name())).contains(nemesis));
        assertThat(Nemeses.named("rain")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldHarmOneFileAndNotAnEmptyOne(Harm harm, @TempDir Path folder) throws IOException {
        byte[] sound = new byte[10_000];
        new Random(SEED).nextBytes(sound);
        Path file = Files.write(folder.resolve("file"), sound);
        Path empty = Files.createFile(folder.resolve("empty"));

        assertThat(harm.tryOn(file, new Random(SEED))).isTrue();
        assertThat(harm.tryOn(empty, new Random(SEED))).isFalse();

        assertThat(Files.readAllBytes(file)).isNotEqualTo(sound);
    }
}
