package io.stanchion.raftsm.model;

import java.util.List;

/**
 * A channel's name, or one in which {@code *} stands for any token and {@code >} for one or more at the end. The order is the one in which
 * patterns are asked: token by token from the left, a word comes before {@code *}, and that before {@code >}.
 */
public final class ChannelPattern implements Comparable<ChannelPattern> {
    private static final String ANY = "*";
    private static final String REST = ">";

    private final String text;
    private final List<String> tokens;

    private ChannelPattern(String text) {
        this.text = text;
        tokens = List.of(text.split("\\.", -1));
    }

    public static ChannelPattern of(String text) {
        return new ChannelPattern(text);
    }

    /** Whether there can be a channel of this name, or that this pattern stands for. */
    public static boolean isValid(String text) {
        List<String> tokens = List.of(text.split("\\.", -1));
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            boolean isWord = !token.isEmpty() && token.chars().noneMatch(c -> c == '*' || c == '>' || c == '/');
            if (!isWord && !token.equals(ANY) && !(token.equals(REST) && i == tokens.size() - 1)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it may stand for several channels. */
    public boolean isWildcard() {
        return tokens.contains(ANY) || tokens.contains(REST);
    }

    public String text() {
        return text;
    }

    /** Whether every channel that the other one stands for is one that this stands for, too. A name stands for itself. */
    public boolean covers(ChannelPattern other) {
        for (int i = 0; i < tokens.size(); i++) {
            if (i == other.tokens.size()) {
                return false;
            }
            String own = tokens.get(i);
            if (own.equals(REST)) {
                return true;
            }
            String its = other.tokens.get(i);
            if (its.equals(REST) || !(own.equals(ANY) || own.equals(its))) {
                return false;
            }
        }
        return tokens.size() == other.tokens.size();
    }

    @Override
    public int compareTo(ChannelPattern other) {
        for (int i = 0; i < Math.min(tokens.size(), other.tokens.size()); i++) {
            String own = tokens.get(i);
            String its = other.tokens.get(i);
            int byRank = Integer.compare(rank(own), rank(its));
            if (byRank != 0) {
                return byRank;
            } else if (!own.equals(its)) {
                return own.compareTo(its);
            }
        }
        return Integer.compare(tokens.size(), other.tokens.size());
    }

    private static int rank(String token) {
        return switch (token) {
            case ANY -> 1;
            case REST -> 2;
            default -> 0;
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelPattern pattern && text.equals(pattern.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
