package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of the directory of a real node, each harmed in another way. What is missing there must not be voted with. */
class DamagedDirectoryTest {
    @TempDir
    private static Path folder;

    private static TestGroup group;
    private static TestMember stopped;

    @BeforeAll
    static void stopOne() throws Exception {
        group = TestGroup.start(folder);
        stopped = group.follower();
        stopped.stop();
    }

    /** Without harm it starts, so what it said before was not for another reason. */
    @AfterAll
    static void startIt() throws Exception {
        stopped.start();
        group.awaitSameState();
        group.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TABLE_BIT_FLIPPED") // which no start can find
    void shouldNotStart(Harm harm) throws Exception {
        TestMember harmed = stopped.movedTo(folder.resolve(harm.name()));
        Folders.copy(stopped.folder(), harmed.folder());
        harm.to(harmed.folder());

        assertThat(harmed.damageAtStart()).isNotEmpty().doesNotContain("a copy was put in its place");
        assertThat(group.running).doesNotContainKey(harmed.id());
    }

    @Test
    void shouldStartWithoutTheDamagedEndOfTheLogIfTheOperatorWantsThat() throws Exception {
        TestMember harmed = stopped.movedTo(folder.resolve("hole"));
        Folders.copy(stopped.folder(), harmed.folder());
        Harm.appendWithAHole(harmed.folder());
        assertThat(harmed.damageAtStart()).contains("has a hole after entry");

        LogCheck.cutDamagedEnd(harmed.folder().resolve("raft"));
        assertThat(LogCheck.read(harmed.folder().resolve("raft")))
                .isEqualTo(LogCheck.read(stopped.folder().resolve("raft")));
    }
}
