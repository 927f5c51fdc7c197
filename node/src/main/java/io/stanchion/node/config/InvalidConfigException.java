package io.stanchion.node.config;

import java.io.Serial;
import java.util.List;

/** A node cannot be built from this. Each problem is one line for the operator. */
public final class InvalidConfigException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public InvalidConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
