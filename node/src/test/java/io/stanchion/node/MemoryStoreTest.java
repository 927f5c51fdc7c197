package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryStoreTest {
    @TempDir
    private Path base;

    @Test
    void shouldLeaveNothingBehind() throws Exception {
        try (MemoryStore store = MemoryStore.create(base)) {
            Files.writeString(
                    Files.createDirectory(store.directory().resolve("db")).resolve("x"), "x");
        }
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void shouldLetNobodyElseLookInside() throws Exception {
        try (MemoryStore store = MemoryStore.create(base)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store.directory())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void shouldDeleteWhatADeadProcessLeftAndNothingElse() throws Exception {
        Path dead = Files.createDirectory(base.resolve("stanchion-memory-dead"));
        Files.writeString(dead.resolve("x"), "x");
        Files.createFile(base.resolve("stanchion-memory-dead.lock"));
        Path foreign = Files.createDirectory(base.resolve("somebody-elses"));
        try (MemoryStore living = MemoryStore.create(base);
                MemoryStore another = MemoryStore.create(base)) {
            assertThat(dead).doesNotExist();
            assertThat(foreign).exists();
            assertThat(living.directory()).exists();
            assertThat(another.directory()).exists().isNotEqualTo(living.directory());
        }
        try (Stream<Path> left = Files.list(base)) {
            assertThat(left).containsExactly(foreign);
        }
    }
}
