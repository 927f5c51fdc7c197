package io.stanchion.node.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.stanchion.gateway.core.InterestListener;
import io.stanchion.gateway.core.Subject;
import io.stanchion.proto.peer.Interest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this node's subscribers want to hear from the others. Counts are absolute, so a link that begins with {@link #all()} and then sends
 * every change ends with the right picture even if it repeats some. Thread-safe; changes arrive in order from the router.
 */
final class AnnouncedInterest implements InterestListener {
    private final Map<Key, Interest> present = new ConcurrentHashMap<>();
    private final List<Consumer<Interest>> links = new CopyOnWriteArrayList<>();

    private record Key(Subject pattern, @Nullable Subject queueGroup) {}

    /** Every later change goes to this link, on the thread that made it. */
    void addLink(Consumer<Interest> link) {
        links.add(link);
    }

    void removeLink(Consumer<Interest> link) {
        links.remove(link);
    }

    Collection<Interest> all() {
        return present.values();
    }

    @Override
    public void onInterest(Subject pattern, @Nullable Subject queueGroup, int count) {
        Interest.Builder interest =
                Interest.newBuilder().setPattern(bytes(pattern)).setCount(count);
        if (queueGroup != null) {
            interest.setQueueGroup(bytes(queueGroup));
        }
        Interest changed = interest.build();
        Key key = new Key(pattern, queueGroup);
        if (count == 0) {
            present.remove(key);
        } else {
            present.put(key, changed);
        }
        links.forEach(link -> link.accept(changed));
    }

    static ByteString bytes(Subject subject) {
        byte[] copy = new byte[subject.length()];
        subject.writeTo(copy, 0);
        return UnsafeByteOperations.unsafeWrap(copy);
    }
}
