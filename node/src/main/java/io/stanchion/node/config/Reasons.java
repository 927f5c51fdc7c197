package io.stanchion.node.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

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
}
