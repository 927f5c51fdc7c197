package io.stanchion.raftsm.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeLibraryTest {
    /** Linux names what is mapped, and marks it when its file is gone. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNoFileBehindThatAKilledProcessCouldNotRemove() throws IOException {
        NativeLibrary.load();
        NativeLibrary.load();

        List<String> mapped = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("librocksdbjni"))
                .toList();
        assertThat(mapped).isNotEmpty().allSatisfy(line -> assertThat(line).endsWith("(deleted)"));
    }
}
