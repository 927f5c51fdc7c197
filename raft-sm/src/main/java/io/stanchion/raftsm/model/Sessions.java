package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Sessions by client ID, and by connection ID. */
final class Sessions {
    // Concurrent because gateways look up who is registered here while the apply thread works.
    private final ConcurrentSkipListMap<String, ClientSession> byClientId = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<ConnKey, ClientSession> byConnId = new ConcurrentSkipListMap<>();

    /** Nothing keeps two clients from naming the same connection ID; the older one is found then. */
    private record ConnKey(ByteString connId, long session) implements Comparable<ConnKey> {
        private static final Comparator<ConnKey> ORDER = Comparator.comparing(
                        ConnKey::connId, ByteString.unsignedLexicographicalComparator())
                .thenComparingLong(ConnKey::session);

        @Override
        public int compareTo(ConnKey other) {
            return ORDER.compare(this, other);
        }
    }

    void add(ClientSession session) {
        byClientId.put(session.clientId(), session);
        if (!session.connId().isEmpty()) {
            byConnId.put(new ConnKey(session.connId(), session.number()), session);
        }
    }

    void remove(ClientSession session) {
        byClientId.remove(session.clientId());
        byConnId.remove(new ConnKey(session.connId(), session.number()));
    }

    @Nullable
    ClientSession byClientId(String clientId) {
        return byClientId.get(clientId);
    }

    @Nullable
    ClientSession byConnId(ByteString connId) {
        Map.Entry<ConnKey, ClientSession> entry = byConnId.ceilingEntry(new ConnKey(connId, 0));
        return entry != null && entry.getKey().connId.equals(connId) ? entry.getValue() : null;
    }

    Collection<ClientSession> all() {
        return byClientId.values();
    }

    /** Those whose client IDs come later, by client ID. */
    Collection<ClientSession> after(String clientId) {
        return byClientId.tailMap(clientId, false).values();
    }
}
