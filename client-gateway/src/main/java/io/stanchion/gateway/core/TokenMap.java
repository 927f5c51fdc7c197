package io.stanchion.gateway.core;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Children of a trie node by token: an immutable hash trie, 32 ways at each level. A node may have very many children (every client
 * has its own {@code _INBOX.x}), and one more must not copy them all.
 */
final class TokenMap {
    static final TokenMap EMPTY = new TokenMap(0, new Object[0]);

    private static final int BITS = 5;
    /** Deeper than this the hash is used up: the slots are a plain list of equal hashes. */
    private static final int LAST_SHIFT = 30;

    private final int bitmap;
    /** Each slot is a {@link TrieNode} or, where several share the hash bits so far, a {@link TokenMap}. */
    private final Object[] slots;

    private TokenMap(int bitmap, Object[] slots) {
        this.bitmap = bitmap;
        this.slots = slots;
    }

    boolean isEmpty() {
        return slots.length == 0;
    }

    @Nullable
    TrieNode get(int hash, byte[] source, int from, int to) {
        TokenMap map = this;
        for (int shift = 0; shift <= LAST_SHIFT; shift += BITS) {
            int bit = bit(hash, shift);
            if ((map.bitmap & bit) == 0) {
                return null;
            }
            Object slot = map.slots[map.index(bit)];
            if (slot instanceof TrieNode node) {
                return node.hasToken(hash, source, from, to) ? node : null;
            }
            map = (TokenMap) slot;
        }
        int found = map.findInBucket(hash, source, from, to);
        return found < 0 ? null : (TrieNode) map.slots[found];
    }

    /** Adds a child, or replaces the one with the same token. */
    TokenMap with(TrieNode child) {
        return with(child, 0);
    }

    TokenMap without(TrieNode child) {
        return without(child, 0);
    }

    /** Changes each child; those that become empty go. */
    TokenMap mapped(UnaryOperator<TrieNode> change) {
        TokenMap result = this;
        for (Object slot : slots) {
            if (slot instanceof TokenMap map) {
                result = map.mappedInto(result, change);
            } else {
                result = result.replaced((TrieNode) slot, change);
            }
        }
        return result;
    }

    private TokenMap mappedInto(TokenMap root, UnaryOperator<TrieNode> change) {
        TokenMap result = root;
        for (Object slot : slots) {
            result = slot instanceof TokenMap map
                    ? map.mappedInto(result, change)
                    : result.replaced((TrieNode) slot, change);
        }
        return result;
    }

    private TokenMap replaced(TrieNode child, UnaryOperator<TrieNode> change) {
        TrieNode changed = change.apply(child);
        if (changed == child) {
            return this;
        }
        return changed.isEmpty() ? without(child) : with(changed);
    }

    private TokenMap with(TrieNode child, int shift) {
        if (shift > LAST_SHIFT) {
            int found = findInBucket(child.hash(), child.token(), 0, child.token().length);
            return new TokenMap(0, found < 0 ? inserted(slots.length, child) : set(found, child));
        }
        int bit = bit(child.hash(), shift);
        int index = index(bit);
        if ((bitmap & bit) == 0) {
            return new TokenMap(bitmap | bit, inserted(index, child));
        }
        if (slots[index] instanceof TokenMap map) {
            return new TokenMap(bitmap, set(index, map.with(child, shift + BITS)));
        }
        TrieNode present = (TrieNode) slots[index];
        if (present.hasTokenOf(child)) {
            return new TokenMap(bitmap, set(index, child));
        }
        TokenMap both = EMPTY.with(present, shift + BITS).with(child, shift + BITS);
        return new TokenMap(bitmap, set(index, both));
    }

    private TokenMap without(TrieNode child, int shift) {
        if (shift > LAST_SHIFT) {
            int found = findInBucket(child.hash(), child.token(), 0, child.token().length);
            return found < 0 ? this : new TokenMap(0, removed(found));
        }
        int bit = bit(child.hash(), shift);
        int index = index(bit);
        if ((bitmap & bit) == 0) {
            return this;
        }
        if (slots[index] instanceof TokenMap map) {
            TokenMap rest = map.without(child, shift + BITS);
            Object slot = rest.slots.length == 1 && rest.slots[0] instanceof TrieNode last ? last : rest;
            return new TokenMap(bitmap, set(index, slot));
        }
        return ((TrieNode) slots[index]).hasTokenOf(child) ? new TokenMap(bitmap & ~bit, removed(index)) : this;
    }

    private int findInBucket(int hash, byte[] source, int from, int to) {
        for (int i = 0; i < slots.length; i++) {
            if (((TrieNode) slots[i]).hasToken(hash, source, from, to)) {
                return i;
            }
        }
        return -1;
    }

    private static int bit(int hash, int shift) {
        return 1 << ((hash >>> shift) & 31);
    }

    private int index(int bit) {
        return Integer.bitCount(bitmap & (bit - 1));
    }

    private Object[] set(int index, Object slot) {
        Object[] copy = slots.clone();
        copy[index] = slot;
        return copy;
    }

    private Object[] inserted(int index, Object slot) {
        Object[] copy = Arrays.copyOf(slots, slots.length + 1);
        System.arraycopy(slots, index, copy, index + 1, slots.length - index);
        copy[index] = slot;
        return copy;
    }

    private Object[] removed(int index) {
        Object[] copy = Arrays.copyOf(slots, slots.length - 1);
        System.arraycopy(slots, index + 1, copy, index, slots.length - index - 1);
        return copy;
    }
}
