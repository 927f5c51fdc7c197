package io.stanchion.gateway.core;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All interest that is known, by pattern. Immutable: a change copies the nodes on its path and shares the rest, so that publishers on
 * any thread read a consistent state without a lock.
 */
final class InterestTrie {
    static final InterestTrie EMPTY = new InterestTrie(TrieNode.ROOT, 0);

    private final TrieNode root;
    /** Differs between any two states of one router; a match found under another generation is stale. */
    private final long generation;

    private InterestTrie(TrieNode root, long generation) {
        this.root = root;
        this.generation = generation;
    }

    long generation() {
        return generation;
    }

    boolean isEmpty() {
        return root.isEmpty();
    }

    /** Changes what is known about exactly this pattern. The function must be pure: it may run more than once. */
    InterestTrie with(Subject pattern, UnaryOperator<Interests> change) {
        return newState(with(root, pattern, 0, change));
    }

    InterestTrie withoutPeer(Peer peer) {
        return newState(mapped(root, interests -> interests.withoutPeer(peer)));
    }

    /** What a message with this subject reaches. Wildcards in the subject are literals; an empty token matches nothing. */
    Interests match(Subject subject) {
        if (subject.hasEmptyToken()) {
            return Interests.NONE;
        }
        InterestsBuilder found = new InterestsBuilder();
        collect(root, subject, 0, found);
        return found.build();
    }

    /** Who has named exactly this literal subject. */
    Interests exactly(Subject subject) {
        byte[] bytes = subject.array();
        @Nullable TrieNode node = root;
        for (int from = 0; node != null && from <= bytes.length; ) {
            int to = subject.tokenEnd(from);
            node = node.children().get(TrieNode.hash(bytes, from, to), bytes, from, to);
            from = to + 1;
        }
        return node == null ? Interests.NONE : node.here();
    }

    private InterestTrie newState(TrieNode changed) {
        return changed == root ? this : new InterestTrie(changed, generation + 1);
    }

    private static void collect(TrieNode node, Subject subject, int from, InterestsBuilder found) {
        if (from > subject.length()) {
            found.add(node.here());
            return;
        }
        found.add(node.rest());
        int to = subject.tokenEnd(from);
        TrieNode star = node.star();
        if (star != null) {
            collect(star, subject, to + 1, found);
        }
        byte[] bytes = subject.array();
        TrieNode child = node.children().get(TrieNode.hash(bytes, from, to), bytes, from, to);
        if (child != null) {
            collect(child, subject, to + 1, found);
        }
    }

    private static TrieNode with(TrieNode node, Subject pattern, int from, UnaryOperator<Interests> change) {
        if (from > pattern.length()) {
            return node.withHere(change.apply(node.here()));
        }
        int to = pattern.tokenEnd(from);
        if (pattern.isToken('>', from, to)) {
            return node.withRest(change.apply(node.rest()));
        }
        if (pattern.isToken('*', from, to)) {
            TrieNode star = node.star();
            return node.withStar(with(star == null ? TrieNode.ROOT : star, pattern, to + 1, change));
        }
        return node.withChildren(withChild(node.children(), pattern, from, to, change));
    }

    private static TokenMap withChild(
            TokenMap children, Subject pattern, int from, int to, UnaryOperator<Interests> change) {
        byte[] bytes = pattern.array();
        TrieNode present = children.get(TrieNode.hash(bytes, from, to), bytes, from, to);
        TrieNode child = present == null ? TrieNode.newNode(Arrays.copyOfRange(bytes, from, to)) : present;
        TrieNode changed = with(child, pattern, to + 1, change);
        if (changed.isEmpty()) {
            return present == null ? children : children.without(child);
        }
        return changed == present ? children : children.with(changed);
    }

    private static TrieNode mapped(TrieNode node, UnaryOperator<Interests> change) {
        @Nullable TrieNode star = node.star();
        return node.withHere(change.apply(node.here()))
                .withRest(change.apply(node.rest()))
                .withStar(star == null ? null : mapped(star, change))
                .withChildren(node.children().mapped(child -> mapped(child, change)));
    }
}
