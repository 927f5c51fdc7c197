package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import io.stanchion.proto.record.MachineRecord;

/** What the machine knows besides its tables. */
final class Header extends StoredRow {
    static final ByteString KEY = ByteString.copyFromUtf8("machine");

    long clockNanos;
    long nextChannel = 1;
    long nextSubscription = 1;
    long nextSession = 1;
    long deliveringTerm;
    Settings settings = Settings.NONE;

    /** Term of the last entry. */
    long lastTerm;

    /** The time of the last entry of the last term in which messages were given. */
    long deliveredUntilNanos;

    /** How long nobody led, between terms. */
    long leaderlessNanos;

    Header(ChangeLog changeLog) {
        super(changeLog);
    }

    void restore(MachineRecord stored) {
        clockNanos = stored.getClockNanos();
        nextChannel = stored.getNextChannel();
        nextSubscription = stored.getNextSubscription();
        nextSession = stored.getNextSession();
        deliveringTerm = stored.getDeliveringTerm();
        settings = Settings.from(stored.getSettings());
        lastTerm = stored.getLastTerm();
        leaderlessNanos = stored.getLeaderlessNanos();
        deliveredUntilNanos = stored.getDeliveredUntilNanos();
    }

    @Override
    Changes.Table table() {
        return Changes.Table.META;
    }

    @Override
    ByteString key() {
        return KEY;
    }

    @Override
    ByteString value() {
        return MachineRecord.newBuilder()
                .setClockNanos(clockNanos)
                .setNextChannel(nextChannel)
                .setNextSubscription(nextSubscription)
                .setNextSession(nextSession)
                .setDeliveringTerm(deliveringTerm)
                .setSettings(settings.toProto())
                .setLastTerm(lastTerm)
                .setLeaderlessNanos(leaderlessNanos)
                .setDeliveredUntilNanos(deliveredUntilNanos)
                .build()
                .toByteString();
    }
}
