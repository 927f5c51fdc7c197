package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DiskSpaceTest {
    private final AtomicLong free = new AtomicLong();

    @Test
    void shouldBeShortBelowOneMarkUntilThereIsMoreThanAnother() {
        DiskSpace space = new DiskSpace(Path.of("data"), 100, free::get);
        assertThat(look(space, 100)).isFalse();
        assertThat(look(space, 99)).isTrue();
        assertThat(look(space, 149)).isTrue();
        assertThat(look(space, 150)).isFalse();
        assertThat(look(space, 101)).isFalse();
    }

    @Test
    void shouldTellOnceThatItHasBecomeShort() {
        DiskSpace space = new DiskSpace(Path.of("data"), 100, free::get);
        assertThat(space.look()).isTrue();
        assertThat(space.look()).isFalse();
    }

    @Test
    void shouldNeverBeShortWithoutAMark() {
        assertThat(look(new DiskSpace(Path.of("data"), 0, free::get), 0)).isFalse();
    }

    private boolean look(DiskSpace space, long bytes) {
        free.set(bytes);
        space.look();
        return space.isShort();
    }
}
