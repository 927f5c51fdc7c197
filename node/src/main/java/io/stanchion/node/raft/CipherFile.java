package io.stanchion.node.raft;

import io.stanchion.raftsm.cipher.Encryption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * The file {@code cipher} of a data directory: it is there if the data is encrypted, and knows the right key when it is shown. It is
 * written once, before the directory has an owner; from then on the directory stays as it is, encrypted or not.
 */
final class CipherFile {
    static final String NAME = "cipher";

    private static final String LINE = "key_check=";

    private CipherFile() {}

    /** For a directory without an owner: whatever is there was left by a first start that did not come far. */
    static void begin(Path root, Encryption encryption) throws IOException {
        if (!encryption.isOn()) {
            Files.deleteIfExists(root.resolve(NAME));
            return;
        }
        String text = "# the data here is encrypted; do not edit\n" + LINE + checkOf(encryption) + "\n";
        try (FileChannel out = FileChannel.open(
                root.resolve(NAME),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        try (FileChannel folder = FileChannel.open(root, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** For a directory with an owner. Writes nothing. */
    static void check(Path root, Encryption encryption) throws IOException {
        Path file = root.resolve(NAME);
        boolean isEncrypted = Files.exists(file);
        if (!isEncrypted && encryption.isOn()) {
            throw new DataDirectoryException("data directory " + root + " was begun without encryption and stays so;"
                    + " remove encrypt and the key, or choose an empty directory with dir");
        } else if (isEncrypted && !encryption.isOn()) {
            throw new DataDirectoryException("data directory " + root + " is encrypted: encryption key required;"
                    + " set encrypt, and the key with the environment variable NATS_STREAMING_ENCRYPTION_KEY");
        } else if (isEncrypted && !encryption.key().matches(stored(root, file))) {
            throw new DataDirectoryException("data directory " + root + " is encrypted with another key;"
                    + " give the key that it was begun with, or choose an empty directory with dir");
        }
    }

    private static byte[] stored(Path root, Path file) throws IOException {
        try {
            String check = Files.readString(file)
                    .lines()
                    .filter(line -> line.startsWith(LINE))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no " + LINE));
            return HexFormat.of().parseHex(check.substring(LINE.length()));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new DataDirectoryException(
                    "data directory " + root + ": its file \"" + NAME
                            + "\" is damaged; restore that file or choose an empty directory with dir",
                    e);
        }
    }

    /** Tells keys apart, and whether there is one; empty if there is none. */
    static String checkOf(Encryption encryption) {
        return encryption.isOn() ? HexFormat.of().formatHex(encryption.key().check()) : "";
    }
}
