package io.stanchion.node.raft;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a bad disk does to a data directory while its node is down. */
enum Harm {
    LOG_BIT_FLIPPED {
        @Override
        void to(Path data) throws IOException {
            flip(largest(data, "log_\\d+-\\d+"));
        }
    },
    LOG_SEGMENT_TRUNCATED {
        @Override
        void to(Path data) throws IOException {
            halve(largest(data, "log_\\d+-\\d+"));
        }
    },
    LOG_SEGMENT_ZEROED {
        @Override
        void to(Path data) throws IOException {
            zero(largest(data, "log_\\d+-\\d+"));
        }
    },
    OPEN_SEGMENT_ZEROED {
        @Override
        void to(Path data) throws IOException {
            zero(largest(data, "log_inprogress_\\d+"));
        }
    },
    OPEN_SEGMENT_GONE {
        @Override
        void to(Path data) throws IOException {
            Files.delete(largest(data, "log_inprogress_\\d+"));
        }
    },
    OPEN_SEGMENT_BIT_FLIPPED {
        @Override
        void to(Path data) throws IOException {
            flip(largest(data, "log_inprogress_\\d+"), 20);
        }
    },
    VOTE_EMPTY {
        @Override
        void to(Path data) throws IOException {
            Files.write(largest(data, "raft-meta"), new byte[0]);
        }
    },
    VOTE_GONE {
        @Override
        void to(Path data) throws IOException {
            Files.delete(largest(data, "raft-meta"));
        }
    },
    VOTE_OF_AN_EARLIER_TERM {
        @Override
        void to(Path data) throws IOException {
            Files.writeString(largest(data, "raft-meta"), "votedFor=a\nterm=0\n");
        }
    },
    GROUP_GARBLED {
        @Override
        void to(Path data) throws IOException {
            zero(largest(data, "raft-meta\\.conf"));
        }
    },
    TABLE_TRUNCATED {
        @Override
        void to(Path data) throws IOException {
            halve(largest(data, "\\d+\\.sst"));
        }
    },
    TABLE_BIT_FLIPPED {
        @Override
        void to(Path data) throws IOException {
            flip(largest(data, "\\d+\\.sst"), 10);
        }
    },
    TABLE_GONE {
        @Override
        void to(Path data) throws IOException {
            Files.delete(largest(data, "\\d+\\.sst"));
        }
    },
    TABLE_ZEROED {
        @Override
        void to(Path data) throws IOException {
            zero(largest(data, "\\d+\\.sst"));
        }
    },
    LIST_OF_TABLES_GONE {
        @Override
        void to(Path data) throws IOException {
            Files.delete(largest(data, "MANIFEST-\\d+"));
        }
    },
    LIST_OF_TABLES_ZEROED {
        @Override
        void to(Path data) throws IOException {
            zero(largest(data, "MANIFEST-\\d+"));
        }
    },
    NAME_OF_THE_LIST_EMPTY {
        @Override
        void to(Path data) throws IOException {
            Files.write(largest(data, "CURRENT"), new byte[0]);
        }
    },
    NAME_OF_THE_LIST_GONE {
        @Override
        void to(Path data) throws IOException {
            Files.delete(largest(data, "CURRENT"));
        }
    };

    /** What a power cut may leave of a write of several pages: the later ones. Nobody was promised what it was. */
    static void appendWithAHole(Path data) throws IOException {
        Path segment = largest(data, "log_inprogress_\\d+");
        byte[] lost = new byte[4096];
        byte[] kept = new byte[4096];
        Arrays.fill(kept, (byte) 'x');
        Files.write(segment, lost, StandardOpenOption.APPEND);
        Files.write(segment, kept, StandardOpenOption.APPEND);
    }

    /** Not harm, but what a process leaves that is killed in the midst of a write. */
    static void appendHalfAnEntry(Path data) throws IOException {
        byte[] torn = new byte[8192];
        torn[0] = 100;
        Arrays.fill(torn, 1, 50, (byte) 'x');
        Files.write(largest(data, "log_inprogress_\\d+"), torn, StandardOpenOption.APPEND);
    }

    abstract void to(Path data) throws IOException;

    private static Path largest(Path data, String name) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            List<Path> found = all.filter(
                            path -> String.valueOf(path.getFileName()).matches(name))
                    .sorted(Comparator.comparingLong(Harm::size))
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalStateException("no " + name + " in " + data);
            }
            return found.get(found.size() - 1);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void flip(Path file) throws IOException {
        flip(file, Files.size(file) / 2);
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            int before = open.read();
            open.seek(at);
            open.write(before ^ 0x10);
        }
    }

    private static void halve(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(open.length() / 2);
        }
    }

    private static void zero(Path file) throws IOException {
        Files.write(file, new byte[(int) Files.size(file)]);
    }
}
