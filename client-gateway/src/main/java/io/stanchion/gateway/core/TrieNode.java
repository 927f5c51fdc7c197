package io.stanchion.gateway.core;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One token of the {@link InterestTrie}, with everything below it. Immutable. */
final class TrieNode {
    /** Differs from process to process, so that nobody can prepare tokens that collide. */
    private static final int SEED = ThreadLocalRandom.current().nextInt();

    static final TrieNode ROOT = newNode(new byte[0]);

    private final byte[] token;
    private final int hash;
    private final TokenMap children;
    /** Below the wildcard {@code *}. */
    private final @Nullable TrieNode star;
    /** Patterns that end with this token. */
    private final Interests here;
    /** Patterns that end with {@code >} after this token. */
    private final Interests rest;

    private TrieNode(
            byte[] token, int hash, TokenMap children, @Nullable TrieNode star, Interests here, Interests rest) {
        this.token = token;
        this.hash = hash;
        this.children = children;
        this.star = star;
        this.here = here;
        this.rest = rest;
    }

    static TrieNode newNode(byte[] token) {
        return new TrieNode(token, hash(token, 0, token.length), TokenMap.EMPTY, null, Interests.NONE, Interests.NONE);
    }

    static int hash(byte[] source, int from, int to) {
        int h = SEED;
        for (int i = from; i < to; i++) {
            h = (h ^ source[i]) * 0x01000193;
            h ^= h >>> 15;
        }
        return h ^ (h >>> 13);
    }

    byte[] token() {
        return token;
    }

    int hash() {
        return hash;
    }

    TokenMap children() {
        return children;
    }

    @Nullable
    TrieNode star() {
        return star;
    }

    Interests here() {
        return here;
    }

    Interests rest() {
        return rest;
    }

    boolean isEmpty() {
        return here.isEmpty() && rest.isEmpty() && star == null && children.isEmpty();
    }

    boolean hasToken(int otherHash, byte[] source, int from, int to) {
        return hash == otherHash && Arrays.equals(token, 0, token.length, source, from, to);
    }

    boolean hasTokenOf(TrieNode other) {
        return hash == other.hash && Arrays.equals(token, other.token);
    }

    TrieNode withHere(Interests changed) {
        return changed == here ? this : new TrieNode(token, hash, children, star, changed, rest);
    }

    TrieNode withRest(Interests changed) {
        return changed == rest ? this : new TrieNode(token, hash, children, star, here, changed);
    }

    TrieNode withStar(@Nullable TrieNode changed) {
        TrieNode kept = changed == null || changed.isEmpty() ? null : changed;
        return kept == star ? this : new TrieNode(token, hash, children, kept, here, rest);
    }

    TrieNode withChildren(TokenMap changed) {
        return changed == children ? this : new TrieNode(token, hash, changed, star, here, rest);
    }
}
