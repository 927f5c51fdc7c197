package io.stanchion.raftsm.cipher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for words in files, as somebody would who got hold of a disk. */
public final class Plaintext {
    private Plaintext() {}

    /** Which of these words are in which file below this directory. */
    public static List<String> find(Path directory, String... words) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                for (String word : words) {
                    if (content.contains(word)) {
                        found.add(word + " in " + directory.relativize(file));
                    }
                }
            }
        }
        return found;
    }
}
