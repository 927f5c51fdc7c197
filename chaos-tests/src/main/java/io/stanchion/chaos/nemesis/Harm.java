package io.stanchion.chaos.nemesis;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** What a bad disk does to a file that nobody has open. */
enum Harm {
    FLIPPED_BIT {
        @Override
        void change(RandomAccessFile file, RandomGenerator random) throws IOException {
            flipBit(file, random.nextLong(file.length()), random);
        }
    },
    ZEROED_CHUNK {
        @Override
        void change(RandomAccessFile file, RandomGenerator random) throws IOException {
            long start = random.nextLong(file.length());
            file.seek(start);
            file.write(new byte[(int) Math.min(CHUNK_BYTES, file.length() - start)]);
        }
    },
    TRUNCATED {
        @Override
        void change(RandomAccessFile file, RandomGenerator random) throws IOException {
            file.setLength(random.nextLong(file.length()));
        }
    };

    private static final long CHUNK_BYTES = 512;

    abstract void change(RandomAccessFile file, RandomGenerator random) throws IOException;

    /** Of the byte at this place. */
    static void flipBit(RandomAccessFile file, long place, RandomGenerator random) throws IOException {
        file.seek(place);
        int old = file.read();
        file.seek(place);
        file.write(old ^ 1 << random.nextInt(Byte.SIZE));
    }

    /** False when there is nothing in the file that could be harmed. */
    boolean tryOn(Path path, RandomGenerator random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            if (file.length() == 0) {
                return false;
            }
            change(file, random);
            return true;
        }
    }
}
