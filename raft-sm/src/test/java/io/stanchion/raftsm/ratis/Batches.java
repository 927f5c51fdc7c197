package io.stanchion.raftsm.ratis;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.stanchion.proto.command.AppendProto;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ConfigureProto;
import io.stanchion.proto.command.ExpireAcksProto;
import io.stanchion.proto.command.OpenSessionProto;
import io.stanchion.proto.command.PublisherProto;
import io.stanchion.proto.command.SettingsProto;
import io.stanchion.proto.command.StartDeliveryProto;
import io.stanchion.proto.command.SubscribeProto;
import io.stanchion.proto.command.TakeOverProto;
import io.stanchion.proto.command.TickProto;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The batches of one gateway, numbered. */
final class Batches {
    private long number;

    private Batch of(CommandProto.Builder... commands) {
        Batch.Builder batch =
                Batch.newBuilder().setGateway("g").setIncarnation(1).setNumber(++number);
        for (CommandProto.Builder command : commands) {
            batch.addCommands(command);
        }
        return batch.build();
    }

    Batch openSession(String clientId, ByteString connId) {
        return of(CommandProto.newBuilder()
                .setOpenSession(
                        OpenSessionProto.newBuilder().setClientId(clientId).setConnId(connId)));
    }

    Batch publish(String clientId, String channel, ByteString... messages) {
        return of(CommandProto.newBuilder()
                .setAppend(AppendProto.newBuilder()
                        .setChannel(channel)
                        .addPublishers(PublisherProto.newBuilder()
                                .setClientId(clientId)
                                .setCount(messages.length))
                        .setRecords(records(messages))));
    }

    /** Subscribes and starts at once. The subscription gets the number 1 if it is the first. */
    Batch subscribe(String clientId, String channel) {
        return of(
                CommandProto.newBuilder()
                        .setSubscribe(SubscribeProto.newBuilder()
                                .setClientId(clientId)
                                .setChannel(channel)
                                .setInbox("inbox")
                                .setAckInbox("ack-inbox")
                                .setMaxInFlight(100)
                                .setAckWaitSecs(30)),
                CommandProto.newBuilder()
                        .setStartDelivery(StartDeliveryProto.newBuilder().setSubscription(1)));
    }

    Batch takeOver() {
        return of(CommandProto.newBuilder().setTakeOver(TakeOverProto.getDefaultInstance()));
    }

    Batch configure(long maxAgeNanos) {
        return of(CommandProto.newBuilder()
                .setConfigure(ConfigureProto.newBuilder()
                        .setSettings(SettingsProto.newBuilder().setMaxAgeNanos(maxAgeNanos))));
    }

    /** Of the first subscription. */
    Batch expireAcks() {
        return of(CommandProto.newBuilder()
                .setExpireAcks(ExpireAcksProto.newBuilder().setSubscription(1)));
    }

    Batch tick() {
        return of(CommandProto.newBuilder().setTick(TickProto.getDefaultInstance()));
    }

    private static ByteString records(ByteString... messages) {
        ByteString.Output out = ByteString.newOutput();
        try {
            CodedOutputStream coded = CodedOutputStream.newInstance(out);
            for (ByteString message : messages) {
                coded.writeBytesNoTag(message);
            }
            coded.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteString();
    }
}
