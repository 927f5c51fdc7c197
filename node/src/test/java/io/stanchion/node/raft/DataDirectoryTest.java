package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.stanchion.raftsm.cipher.Encryption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which directories a node takes for its own. Whatever it refuses it leaves as it was, and says in one line what to do. */
class DataDirectoryTest {
    private static final int WRITES = 50;

    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void choose() {
        root = folder.resolve("some/where");
    }

    @Test
    void shouldCreateADirectoryThatIsNotThere() throws Exception {
        try (DataDirectory data = open()) {
            assertThat(data.root()).isEqualTo(root).isDirectory();
            assertThat(data.stage()).isEqualTo(DataDirectory.Stage.NEW);
            assertThat(data.hasLog()).isFalse();
            assertThat(data.incarnation()).isEqualTo(1_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lost+found", "raft", "db", "install"})
    void shouldTakeADirectoryWithNothingButEmptyOnesInside(String found) throws Exception {
        Files.createDirectories(root.resolve(found));
        open().close();
        assertThat(root.resolve("identity")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "identity.new"})
    void shouldTakeADirectoryInWhichItsFirstStartWasCutShort(String found) throws Exception {
        Files.createDirectories(root);
        Files.writeString(root.resolve(found), "cluster_");
        open().close();
        assertThat(root.resolve("identity")).exists();
    }

    @Test
    void shouldKnowItsOwnDirectoryAgain() throws Exception {
        try (DataDirectory data = open()) {
            data.enter(DataDirectory.Stage.MEMBER);
            assertThat(data.remember("b", "first life")).isFalse();
            assertThat(data.remember("c", "first life")).isFalse();
            assertThat(data.remember("b", "first life")).isFalse();
            assertThat(data.remember("b", "second life")).isTrue();
        }
        Files.createDirectories(root.resolve("raft/some-group"));
        try (DataDirectory data = open()) {
            assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MEMBER);
            assertThat(data.hasLog()).isTrue();
            assertThat(data.remember("b", "first life")).isFalse();
            assertThat(data.remember("b", "second life")).isTrue();
            assertThat(data.remember("c", "first life")).isFalse();
            assertThat(data.remember("c", "second life")).isTrue();
            assertThat(data.remember("d", "first life")).isFalse();
        }
    }

    @Test
    void shouldCountStartsUpwardsWhateverTheClockSays() throws Exception {
        for (long[] clockAndIncarnation : new long[][] {{1_000, 1_000}, {1_000, 1_001}, {5, 1_002}, {2_000, 2_000}}) {
            try (DataDirectory data =
                    DataDirectory.open(root, "orders", "a", Encryption.off(), clockAndIncarnation[0])) {
                assertThat(data.incarnation()).isEqualTo(clockAndIncarnation[1]);
            }
        }
    }

    @Test
    void shouldGoOnCountingFromTheIncarnationThatItHadToExceed() throws Exception {
        try (DataDirectory data = DataDirectory.open(root, "orders", "a", Encryption.off(), 5)) {
            data.exceed(900);
            data.exceed(7);
            assertThat(data.incarnation()).isEqualTo(901);
        }
        try (DataDirectory data = DataDirectory.open(root, "orders", "a", Encryption.off(), 6)) {
            assertThat(data.incarnation()).isEqualTo(902);
        }
    }

    @Test
    void shouldKeepTheGreatestIncarnationOfEachOtherNode() throws Exception {
        try (DataDirectory data = open()) {
            assertThat(data.hearOf("b", 7)).isZero();
            assertThat(data.hearOf("b", 5)).isEqualTo(7);
            assertThat(data.hearOf("c", 0)).isZero();
        }
        try (DataDirectory data = open()) {
            assertThat(data.hearOf("b", 0)).isEqualTo(7);
            assertThat(data.hearOf("c", 0)).isZero();
        }
    }

    @Test
    void shouldNotCountAStartThatWasNotCompared() throws Exception {
        try (DataDirectory data = DataDirectory.open(root, "orders", "a", Encryption.off(), 5)) {
            data.passComparison();
            data.exceed(9);
        }
        for (int start = 0; start < 2; start++) {
            try (DataDirectory data = DataDirectory.open(root, "orders", "a", Encryption.off(), 100)) {
                assertThat(data.earlierIncarnation()).isEqualTo(10);
                data.exceed(900);
            }
        }
    }

    @Test
    void shouldReadAFileThatKnowsNothingOfComparisons() throws Exception {
        writeIdentity("""
                format=1
                cluster_id=orders
                node_id=a
                birth=x
                incarnation=5
                stage=MEMBER
                known_nodes=b/first life
                """.getBytes(StandardCharsets.UTF_8));
        try (DataDirectory data = open()) {
            assertThat(data.earlierIncarnation()).isEqualTo(5);
            assertThat(data.hearOf("b", 0)).isZero();
            assertThat(data.knows("b")).isTrue();
        }
    }

    @Test
    void shouldKeepNamesThatTheFileWritesOtherwise() throws Exception {
        String clusterId = "a\\b=c: ü#";
        DataDirectory.open(root, clusterId, "näh\\e", Encryption.off(), 1).close();
        DataDirectory.open(root, clusterId, "näh\\e", Encryption.off(), 1).close();
        assertThat(root.resolve("identity")).content(StandardCharsets.UTF_8).contains("cluster_id=a\\\\b=c: ü#\n");
    }

    @Test
    void shouldRefuseADirectoryOfAnotherCluster() throws Exception {
        open().close();
        assertRefused(
                () -> DataDirectory.open(root, "invoices", "a", Encryption.off(), 1),
                "cluster ID \"invoices\" does not match recovered value of \"orders\"",
                "correct the cluster ID (id), or choose another directory with dir");
    }

    @Test
    void shouldRefuseADirectoryOfAnotherNode() throws Exception {
        open().close();
        assertRefused(
                () -> DataDirectory.open(root, "orders", "b", Encryption.off(), 1),
                "belongs to node \"a\", this is node \"b\"",
                "correct node_id or dir");
    }

    @Test
    void shouldRefuseADirectoryOfAnotherProgram() throws Exception {
        Files.createDirectories(root);
        Files.writeString(root.resolve("thesis.tex"), "");
        assertRefused(this::open, "holds files of another program (thesis.tex)", "choose an empty one with dir");
        assertThat(root.resolve("lock")).doesNotExist();
    }

    @Test
    void shouldBearAStrangersFileOnceTheDirectoryIsItsOwn() throws Exception {
        open().close();
        Files.writeString(root.resolve("notes.txt"), "");
        open().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"raft", "db"})
    void shouldRefuseDataOfWhichNobodyKnowsWhoseItIs(String part) throws Exception {
        Files.createDirectories(root.resolve(part).resolve("something"));
        assertRefused(
                this::open,
                "has data but no file \"identity\"",
                "restore that file or choose an empty directory with dir");
    }

    @Test
    void shouldWaitAMomentForTheEndOfThoseWhoUseIt() throws Exception {
        CompletableFuture<DataDirectory> next;
        try (DataDirectory before = open()) {
            next = CompletableFuture.supplyAsync(() -> {
                try {
                    return open();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(before.incarnation()).isPositive();
        }
        next.get(10, TimeUnit.SECONDS).close();
    }

    @Test
    void shouldRefuseADirectoryThatIsInUseInThisProcess() throws Exception {
        DataDirectory first = open();
        assertRefused(this::open, "is in use by another process", "stop it or choose another with dir");
        first.close();
        open().close();
    }

    @Test
    void shouldRefuseADirectoryThatAnotherProcessUses() throws Exception {
        open().close();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path source = Files.writeString(folder.resolve("Holder.java"), HOLDER);
        Process holder = new ProcessBuilder(
                        java.toString(), source.toString(), root.resolve("lock").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var says = holder.inputReader()) {
            assertThat(says.readLine()).isEqualTo("held");
            assertRefused(this::open, "is in use by another process", "stop it or choose another with dir");
        } finally {
            holder.getOutputStream().close();
            assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        open().close();
    }

    private static final String HOLDER = """
            import java.nio.channels.FileChannel;
            import java.nio.file.Path;
            import java.nio.file.StandardOpenOption;

            public class Holder {
                public static void main(String[] args) throws Exception {
                    try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
                        file.lock();
                        System.%s.println("held");
                        System.in.read();
                    }
                }
            }
            """.formatted("out");

    @Test
    void shouldRefuseAPlaceWhereNoDirectoryCanBe() throws Exception {
        Files.writeString(folder.resolve("some"), "a file");
        assertRefused(
                this::open,
                "cannot be created: " + folder.resolve("some") + ": it is a file, not a folder",
                "choose another with dir");
        root = folder.resolve("some");
        assertRefused(this::open, "cannot be created: " + root + ": it is a file, not a folder", "");
    }

    @Test
    void shouldRefuseADirectoryThatItMayNotWrite() throws Exception {
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(root), "this user may write whatever the permissions say");
        assertRefused(this::open, "is not writable for this user", "change its owner or choose another with dir");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "identity.new"})
    void shouldRefuseADirectoryInWhichItCannotWriteItsFiles(String obstacle) throws Exception {
        Files.createDirectories(root.resolve(obstacle).resolve("inside"));
        assertRefused(this::open, obstacle, "see that this user may write there, or choose another with dir");
    }

    @ParameterizedTest(name = "{index}")
    @ValueSource(
            strings = {
                "",
                "complete nonsense",
                "format=1\ncluster_id=orders\nnode_id=a\nincarnation=many\nstage=MEMBER\n",
                "format=1\ncluster_id=orders\nnode_id=a\nincarnation=5\nstage=KING\n",
                "format=1\ncluster_id=orders\nnode_id=a\nincarnation=5\nstage=MEMBER\nknown_nodes=\\u00\n",
                "format=1\ncluster_id=orders\nnode_id=a\nbirth=x\nincarnation=5\nstage=MEMBER\nheard_of=b/many\n",
                "format=1\ncluster_id=orders\nstage=MEMBER\nincarnation=7\n",
                "format=1\ncluster_id=orders\nnode_id=a\n"
            })
    void shouldRefuseADamagedIdentityFile(String content) throws Exception {
        writeIdentity(content.getBytes(StandardCharsets.UTF_8));
        assertRefused(
                this::open, "file \"identity\" is damaged", "restore that file or choose an empty directory with dir");
    }

    @Test
    void shouldRefuseAnIdentityFileThatIsNotText() throws Exception {
        for (byte[] content : new byte[][] {{(byte) 0xff, (byte) 0xfe, 3}, new byte[512]}) {
            writeIdentity(content);
            assertRefused(
                    this::open,
                    "file \"identity\" is damaged",
                    "restore that file or choose an empty directory with dir");
        }
    }

    @Test
    void shouldRefuseTheFormatOfAnotherVersion() throws Exception {
        writeIdentity("format=2\nsomething=new\n".getBytes(StandardCharsets.UTF_8));
        assertRefused(
                this::open,
                "has format 2, this version reads format 1",
                "run the version that wrote it, or choose another directory with dir");
    }

    /** The mesh tells of other nodes while this one may have to begin its log anew. */
    @Test
    void shouldKeepWhatSeveralThreadsWriteAtOnce() throws Exception {
        try (DataDirectory data = open()) {
            CompletableFuture<Void> mesh = CompletableFuture.runAsync(() -> {
                for (int told = 1; told <= WRITES; told++) {
                    hear(data, told);
                }
            });
            for (int write = 0; write < WRITES; write++) {
                data.deleteLog();
                data.move("127.0.0.1:" + write);
            }
            mesh.get(10, TimeUnit.SECONDS);
        }
        try (DataDirectory data = open()) {
            assertThat(data.hearOf("b", 0)).isEqualTo(WRITES);
            assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MOVING);
            assertThat(data.logSince()).isEqualTo(1_000);
        }
    }

    private static void hear(DataDirectory data, long told) {
        try {
            data.hearOf("b", told);
        } catch (DataDirectoryException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeIdentity(byte[] content) throws IOException {
        Files.createDirectories(root);
        Files.write(root.resolve("identity"), content);
    }

    private DataDirectory open() throws DataDirectoryException {
        return DataDirectory.open(root, "orders", "a", Encryption.off(), 1_000);
    }

    /** With one line that names the directory, what is wrong, and what to do; and without leaving the lock held or changing a file. */
    private void assertRefused(ThrowingCallable opening, String problem, String remedy) throws IOException {
        String before = files();
        assertThatThrownBy(opening)
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(root.toString())
                .hasMessageContaining(problem)
                .hasMessageContaining(remedy)
                .satisfies(refusal ->
                        assertThat(refusal.getMessage()).hasLineCount(1).doesNotContain("Exception"));
        assertThat(files()).isEqualTo(before);
    }

    /** Names and contents; the lock may have been created, it says nothing. */
    private String files() throws IOException {
        StringBuilder files = new StringBuilder();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(path -> !path.endsWith("lock")).sorted().toList()) {
                files.append(file).append('\n');
                if (Files.isRegularFile(file)) {
                    files.append(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return files.toString();
    }
}
