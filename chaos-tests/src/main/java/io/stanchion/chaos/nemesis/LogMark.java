package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.NodeException;
import io.stanchion.chaos.cluster.NodeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A place in the log of a node: what an operator must be told of a fault is told behind it. */
record LogMark(NodeProcess node, long bytes) {
    /** What a node says that has lost its data. */
    static final List<String> LOSS = List.of("the Raft log of this node is gone");

    /** What a node says that has other data than it should have, while it runs or when it starts. */
    static final List<String> DISTRUST = List.of(
            "this node's data can't be trusted", "this node's data is damaged", "the data of this node is not used");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The present end of its log. */
    static LogMark of(NodeProcess node) {
        return new LogMark(node, textOf(node.logFile()).length);
    }

    /** Whether the node has said one of these since. */
    boolean hasOneOf(List<String> sentences) {
        byte[] all = textOf(node.logFile());
        String since = new String(
                Arrays.copyOfRange(all, (int) Math.min(bytes, all.length), all.length), StandardCharsets.UTF_8);
        return sentences.stream().anyMatch(since::contains);
    }

    /** Fails if the node does not come to say one of these. */
    void awaitOneOf(List<String> sentences) {
        if (!Await.tryUntil(LIMIT, () -> hasOneOf(sentences))) {
            throw new NodeException(
                    "node " + node.id() + " says nothing like \"" + sentences.get(0) + "\": " + node.logTail());
        }
    }

    private static byte[] textOf(Path log) {
        try {
            return Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
