package io.stanchion.node.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Why a file could not be used, in words. Java's exceptions of files have the path as their only message. */
public final class Reasons {
    private Reasons() {}

    public static String of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        } else if (e instanceof AccessDeniedException) {
            return "permission denied";
        } else if (e instanceof FileSystemException file && file.getReason() != null) {
            return String.valueOf(file.getReason());
        }
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    /** Of a file that was to be created: what is not there can only be its folder. */
    public static String ofWriting(IOException e) {
        return e instanceof NoSuchFileException ? "the folder does not exist; create it" : of(e);
    }

    /** Of a folder or a file inside, with the path that is to blame: it may be one around it. */
    public static String ofFolder(IOException e) {
        if (!(e instanceof FileSystemException about) || about.getFile() == null) {
            return of(e);
        }
        Path blamed = Path.of(about.getFile());
        Path existing = blamed;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        boolean isAboutFolders = e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException;
        boolean isFile = existing != null && !Files.isDirectory(existing);
        if (isFile && (isAboutFolders || !blamed.equals(existing))) {
            return existing + ": it is a file, not a folder";
        }
        return blamed + ": " + (e instanceof NoSuchFileException ? "no folder can be created there" : of(e));
    }
}
