package io.stanchion.gateway.core;

/** A subject and what it reached when it was looked up. Owned by the thread that owns the {@link RouteCache}. */
public final class Route {
    private final Subject subject;
    private final long fingerprint;
    private Interests interests;
    private long generation;

    Route(Subject subject, long fingerprint, InterestTrie trie) {
        this.subject = subject;
        this.fingerprint = fingerprint;
        this.interests = trie.match(subject);
        this.generation = trie.generation();
    }

    public Subject subject() {
        return subject;
    }

    /** Whether this node's own service will see the message. */
    public boolean reachesService() {
        return interests.hasService();
    }

    Interests interests() {
        return interests;
    }

    long fingerprint() {
        return fingerprint;
    }

    void refresh(InterestTrie trie) {
        if (generation != trie.generation()) {
            interests = trie.match(subject);
            generation = trie.generation();
        }
    }
}
