package io.stanchion.node.raft;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a data directory that is about data which can't be trusted any more. Not thread-safe.
 *
 * <pre>
 * quarantine              there while the data is not to be used: when that was noticed, and why
 * quarantined-&lt;time&gt;/     data that was taken out of use then; nothing reads it any more
 * </pre>
 *
 * Two of the latter are kept. When a third comes, the oldest is deleted: a disk that spoils one copy after the other must not fill up with
 * them.
 */
final class SetAside {
    /** While this file is there, the data is not used. An operator who knows better may delete it. */
    static final String MARK = "quarantine";

    static final String FOLDER_PREFIX = "quarantined-";

    private static final Logger log = LoggerFactory.getLogger(SetAside.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String REASON = "reason";
    private static final String NO_REASON = "no reason is noted";
    private static final int KEPT_MAX = 2;
    private static final Duration TOO_OFTEN = Duration.ofHours(1);

    private final Path root;

    SetAside(Path root) {
        this.root = root;
    }

    static boolean isOwn(String fileName) {
        return fileName.equals(MARK) || fileName.equals(MARK + DurableFile.NEXT) || fileName.startsWith(FOLDER_PREFIX);
    }

    /** Why the data is not to be used; empty if it is sound as far as this node knows. */
    Optional<String> doubt() throws IOException {
        return lines(root.resolve(MARK)).map(SetAside::reason);
    }

    /** Below the time. That there is a mark says enough, even if the disk has spoilt it too. */
    private static String reason(List<String> mark) {
        String reason = String.join(" ", mark.subList(Math.min(1, mark.size()), mark.size()));
        return reason.isBlank() ? NO_REASON : reason;
    }

    private static Optional<List<String>> lines(Path file) throws IOException {
        try {
            return Files.exists(file) ? Optional.of(Files.readAllLines(file)) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.of(List.of());
        }
    }

    void note(String reason, Instant now) throws IOException {
        if (!Files.exists(root.resolve(MARK))) {
            DurableFile.replace(root.resolve(MARK), TIME.format(now) + "\n" + reason.replaceAll("\\R", " ") + "\n");
        }
    }

    void forget() throws IOException {
        if (Files.deleteIfExists(root.resolve(MARK))) {
            DurableFile.syncFolder(root);
        }
    }

    /** Whether as much as is kept was taken out of use lately: then it is the disk that must be replaced, not what is on it. */
    boolean isTooOften(Instant now) throws IOException {
        String since = FOLDER_PREFIX + TIME.format(now.minus(TOO_OFTEN));
        return folders().stream()
                        .filter(folder -> folder.getFileName().toString().compareTo(since) > 0)
                        .count()
                >= KEPT_MAX;
    }

    /** Why the data was taken out of use that was there before; empty if that has never happened. */
    Optional<String> lastReason() throws IOException {
        List<Path> folders = folders();
        return folders.isEmpty()
                ? Optional.empty()
                : lines(folders.get(folders.size() - 1).resolve(REASON)).map(SetAside::reason);
    }

    /**
     * Moves these parts of the data directory away, as far as they are there. The mark goes with them, last: after a crash in between it
     * all begins again, with the same folder.
     */
    Path move(List<String> parts) throws IOException {
        List<String> mark = lines(root.resolve(MARK)).orElse(List.of());
        String time =
                mark.isEmpty() || !mark.get(0).matches("\\d{8}T\\d{6}Z") ? TIME.format(Instant.now()) : mark.get(0);
        Path folder = root.resolve(FOLDER_PREFIX + time);
        Files.createDirectories(folder);
        for (String part : parts) {
            if (Files.exists(root.resolve(part))) {
                Files.move(root.resolve(part), folder.resolve(part), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        DurableFile.syncFolder(folder);
        DurableFile.syncFolder(root);
        Files.move(root.resolve(MARK), folder.resolve(REASON), StandardCopyOption.ATOMIC_MOVE);
        DurableFile.syncFolder(root);
        log.warn("the data that can't be trusted is in {} now; nothing reads it, and it may be deleted", folder);
        deleteOldest();
        return folder;
    }

    private void deleteOldest() throws IOException {
        List<Path> folders = folders();
        for (Path oldest : folders.subList(0, Math.max(0, folders.size() - KEPT_MAX))) {
            try (Stream<Path> all = Files.walk(oldest)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
            log.info("deleted {}: the last {} are kept", oldest, KEPT_MAX);
        }
    }

    /** Oldest first. */
    private List<Path> folders() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(file -> file.getFileName().toString().startsWith(FOLDER_PREFIX))
                    .sorted()
                    .toList();
        }
    }
}
