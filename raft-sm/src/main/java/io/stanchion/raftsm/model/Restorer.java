package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.record.ChannelRecord;
import io.stanchion.proto.record.GatewayRecord;
import io.stanchion.proto.record.MachineRecord;
import io.stanchion.proto.record.QueueGroupRecord;
import io.stanchion.proto.record.SessionRecord;
import io.stanchion.proto.record.SubscriptionRecord;
import io.stanchion.proto.record.SubscriptionRow;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds a machine from its rows, in whatever order they come. */
final class Restorer {
    private final MachineState state;
    private final Iterable<Changes.Row> rows;

    /** By group or subscription ID; they can only be built when channels and sessions are. */
    private final TreeMap<Long, SubscriptionRecord> subscriptions = new TreeMap<>();

    private final TreeMap<Long, QueueGroupRecord> groups = new TreeMap<>();
    private final TreeMap<Long, Channel> channelOf = new TreeMap<>();
    private final TreeMap<Long, Long> channelIds = new TreeMap<>();

    Restorer(RunIndex runs, Iterable<Changes.Row> rows) {
        state = new MachineState(runs);
        this.rows = rows;
    }

    MachineState restore() {
        try {
            for (Changes.Row row : rows) {
                ByteString value = row.value();
                if (value != null) {
                    read(row.table(), row.key(), value);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored row is damaged: " + e.getMessage(), e);
        }
        state.restoreLimits();
        channelIds.forEach((id, channelId) ->
                channelOf.put(id, existing(state.channelTable().byId(channelId), "channel of", id)));
        Map<Long, QueueGroup> restoredGroups = restoreGroups();
        Map<Long, Subscription> restored = restoreSubscriptions(restoredGroups);
        groups.forEach((id, stored) -> {
            QueueGroup group = existing(restoredGroups.get(id), "group", id);
            for (long member : stored.getMembersList()) {
                group.restoreMember(existing(restored.get(member), "member", member));
            }
        });
        state.count();
        return state;
    }

    private void read(Changes.Table table, ByteString key, ByteString value) throws InvalidProtocolBufferException {
        switch (table) {
            case META -> {
                if (key.equals(Header.KEY)) { // other rows there are the store's own
                    state.header().restore(MachineRecord.parseFrom(value));
                }
            }
            case CHANNELS -> readChannel(Keys.number(key, 0), ChannelRecord.parseFrom(value));
            case SESSIONS ->
                state.sessionTable().add(new ClientSession(state.changeLog(), SessionRecord.parseFrom(value)));
            case SUBSCRIPTIONS -> readSubscription(key, SubscriptionRow.parseFrom(value));
            case GATEWAYS -> state.restored(key.toStringUtf8(), GatewayRecord.parseFrom(value));
        }
    }

    private void readChannel(long id, ChannelRecord stored) {
        Channel channel = new Channel(
                state.changeLog(), state.runs(), state.holdings(), id, stored.getName(), stored.getIncarnation());
        channel.restore(stored);
        state.channelTable().add(channel);
    }

    private void readSubscription(ByteString key, SubscriptionRow row) {
        long id = Keys.number(key, 1);
        channelIds.put(id, Keys.number(key, 0));
        if (row.hasGroup()) {
            groups.put(id, row.getGroup());
        } else {
            subscriptions.put(id, row.getSubscription());
        }
    }

    private Map<Long, QueueGroup> restoreGroups() {
        Map<Long, QueueGroup> restored = new TreeMap<>();
        groups.forEach((id, stored) -> {
            Channel channel = existing(channelOf.get(id), "channel of", id);
            QueueGroup group =
                    new QueueGroup(state.changeLog(), id, channel, stored.getDurableName(), stored.getName());
            group.restore(stored);
            channel.add(group);
            restored.put(id, group);
        });
        return restored;
    }

    private Map<Long, Subscription> restoreSubscriptions(Map<Long, QueueGroup> restoredGroups) {
        Map<Long, Subscription> restored = new TreeMap<>();
        subscriptions.forEach((id, stored) -> {
            Channel channel = existing(channelOf.get(id), "channel of", id);
            QueueGroup group = stored.getGroup() == 0
                    ? null
                    : existing(restoredGroups.get(stored.getGroup()), "group", stored.getGroup());
            ClientSession owner =
                    stored.getOnline() ? existing(state.session(stored.getClientId()), "session of", id) : null;
            Subscription subscription =
                    new Subscription(state.changeLog(), id, channel, stored.getDurableName(), group);
            subscription.restore(stored, owner);
            channel.add(subscription);
            state.restored(subscription);
            restored.put(id, subscription);
        });
        return restored;
    }

    private static <T> T existing(@Nullable T found, String what, long id) {
        if (found == null) {
            throw new IllegalStateException("stored rows do not fit together: there is no " + what + " " + id);
        }
        return found;
    }
}
