package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import io.stanchion.proto.record.SessionRecord;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** A registered streaming client. It has no tie to a TCP connection. */
public final class ClientSession extends StoredRow {
    private final long number;
    private final String clientId;
    private final String heartbeatInbox;
    private final int protocol;
    private final ByteString connId;
    private final int pingInterval;
    private final int pingMaxOut;
    private final TreeMap<Long, Subscription> subscriptions = new TreeMap<>();

    /** Volatile because gateways answer pings from it. */
    private volatile int heartbeatsMissed;

    ClientSession(ChangeLog changeLog, SessionRecord stored) {
        super(changeLog);
        number = stored.getNumber();
        clientId = stored.getClientId();
        heartbeatInbox = stored.getHeartbeatInbox();
        protocol = stored.getProtocol();
        connId = stored.getConnId();
        pingInterval = stored.getPingInterval();
        pingMaxOut = stored.getPingMaxOut();
        heartbeatsMissed = stored.getHeartbeatsMissed();
    }

    public long number() {
        return number;
    }

    public String clientId() {
        return clientId;
    }

    public String heartbeatInbox() {
        return heartbeatInbox;
    }

    public ByteString connId() {
        return connId;
    }

    public int heartbeatsMissed() {
        return heartbeatsMissed;
    }

    /** Its subscriptions, all online, the oldest first. */
    public List<Subscription> subscriptions() {
        return List.copyOf(subscriptions.values());
    }

    int subscriptionCount() {
        return subscriptions.size();
    }

    /** Those that are younger than the one with this ID, the oldest first. */
    Collection<Subscription> subscriptionsAfter(long id) {
        return subscriptions.tailMap(id, false).values();
    }

    void adopt(Subscription subscription) {
        subscriptions.put(subscription.id(), subscription);
    }

    void release(Subscription subscription) {
        subscriptions.remove(subscription.id());
    }

    /** Its subscriptions are marked: expired messages wait, or go to other queue members, until a heartbeat is answered. */
    public void missHeartbeat() {
        setMissed(heartbeatsMissed + 1);
        subscriptions.values().forEach(subscription -> subscription.markHeartbeats(true));
    }

    public void answerHeartbeat() {
        if (heartbeatsMissed > 0) {
            setMissed(0);
            subscriptions.values().forEach(subscription -> subscription.markHeartbeats(false));
        }
    }

    private void setMissed(int missed) {
        heartbeatsMissed = missed;
        changed();
    }

    @Override
    Changes.Table table() {
        return Changes.Table.SESSIONS;
    }

    @Override
    ByteString key() {
        return ByteString.copyFromUtf8(clientId);
    }

    @Override
    ByteString value() {
        return SessionRecord.newBuilder()
                .setNumber(number)
                .setClientId(clientId)
                .setHeartbeatInbox(heartbeatInbox)
                .setProtocol(protocol)
                .setConnId(connId)
                .setPingInterval(pingInterval)
                .setPingMaxOut(pingMaxOut)
                .setHeartbeatsMissed(heartbeatsMissed)
                .build()
                .toByteString();
    }
}
