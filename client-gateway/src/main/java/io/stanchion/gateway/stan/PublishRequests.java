package io.stanchion.gateway.stan;

import com.google.protobuf.ByteString;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Subscriber;
import io.stanchion.proto.stan.PubMsg;
import java.nio.charset.StandardCharsets;

/**
 * Publishes: the one request that comes a hundred thousand times a second. A PubMsg is read where it lies in the network buffer; only
 * what must outlive it is kept. Every publish with a reply subject gets its PubAck, good or bad.
 */
final class PublishRequests implements Subscriber {
    private static final int NAMES = 1024;

    /** Of a delivery, beside the record and the name of the channel: sequence, timestamp, redelivery, and the field of the name. */
    private static final int DELIVERY_BYTES_MAX = 11 + 10 + 8 + 6;

    private static final int FIELD_HEAD_BYTES_MAX = 6;

    private final MessageBus bus;
    private final ReplicatedLog log;
    private final Replies replies;
    private final StanCounters counters;
    private final BytesCache<ChannelName> channels = new BytesCache<>(NAMES, ChannelName::of);
    private final BytesCache<String> clientIds =
            new BytesCache<>(NAMES, bytes -> new String(bytes, StandardCharsets.UTF_8));
    private final BytesCache<ByteString> connIds = new BytesCache<>(NAMES, ByteString::copyFrom);

    PublishRequests(MessageBus bus, ReplicatedLog log, Replies replies, StanCounters counters) {
        this.bus = bus;
        this.replies = replies;
        this.log = log;
        this.counters = counters;
    }

    @Override
    public boolean deliver(Message message) {
        PubFields fields = new PubFields();
        WireReader in = WireReader.of(message);
        while (in.next()) {
            fields.read(in);
        }
        if (in.isGarbage()) {
            refuse(message, fields, StanErrors.INVALID_PUBLISH);
            return true;
        }
        counters.onPublish(message.content().readableBytes() - message.headerBytes());
        if (fields.guidLength == 0 || fields.longestName() > ChannelNames.LENGTH_MAX) {
            refuse(message, fields, StanErrors.INVALID_PUBLISH);
            return true;
        }
        ChannelName channel = channels.find(message.content(), fields.channelStart, fields.channelLength);
        if (!channel.valid) {
            refuse(message, fields, StanErrors.INVALID_PUBLISH);
        } else if (fields.deliveryBytesMax() > bus.payloadMaxBytes()) {
            refuse(message, fields, StanErrors.TOO_LARGE); // no subscriber could ever be sent it
        } else {
            log.publish(pending(message, fields, channel.name));
        }
        return true;
    }

    private PendingPublication pending(Message message, PubFields fields, String channel) {
        boolean byConnId = fields.connIdLength > 0; // the client ID is ignored then
        return new PendingPublication(
                replies,
                counters,
                message,
                fields,
                channel,
                byConnId ? connIds.find(message.content(), fields.connIdStart, fields.connIdLength) : ByteString.EMPTY,
                byConnId ? "" : clientIds.find(message.content(), fields.clientIdStart, fields.clientIdLength));
    }

    private void refuse(Message message, PubFields fields, String error) {
        if (message.reply() != null) {
            byte[] stored = PubAcks.stored(message.content(), fields.guidStart, fields.guidLength);
            replies.send(message.reply(), PubAcks.refused(stored, error));
        }
    }

    private static final class ChannelName {
        final String name;
        final boolean valid;

        private ChannelName(String name) {
            this.name = name;
            this.valid = ChannelNames.isValid(name);
        }

        static ChannelName of(byte[] bytes) {
            return new ChannelName(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** Where the fields of a PubMsg lie. */
    static final class PubFields {
        int clientIdStart;
        int clientIdLength;
        int guidStart;
        int guidLength;
        int channelStart;
        int channelLength;
        int replyStart;
        int replyLength;
        int dataStart;
        int dataLength;
        int connIdStart;
        int connIdLength;

        int longestName() {
            return Math.max(channelLength, Math.max(clientIdLength, connIdLength));
        }

        /** In a redelivery it is the most. */
        long deliveryBytesMax() {
            return (long) replyLength + dataLength + channelLength + 2 * FIELD_HEAD_BYTES_MAX + DELIVERY_BYTES_MAX;
        }

        void read(WireReader in) {
            int field = in.field();
            boolean known = field <= PubMsg.CONN_ID_FIELD_NUMBER || field == PubMsg.SHA256_FIELD_NUMBER;
            if (!known || !in.isBytes()) {
                return;
            }
            int start = in.start();
            int length = in.length();
            switch (field) {
                case PubMsg.CLIENT_ID_FIELD_NUMBER -> {
                    clientIdStart = start;
                    clientIdLength = length;
                }
                case PubMsg.GUID_FIELD_NUMBER -> {
                    guidStart = start;
                    guidLength = length;
                }
                case PubMsg.SUBJECT_FIELD_NUMBER -> {
                    channelStart = start;
                    channelLength = length;
                }
                case PubMsg.REPLY_FIELD_NUMBER -> {
                    replyStart = start;
                    replyLength = length;
                }
                case PubMsg.DATA_FIELD_NUMBER -> {
                    dataStart = start;
                    dataLength = length;
                }
                case PubMsg.CONN_ID_FIELD_NUMBER -> {
                    connIdStart = start;
                    connIdLength = length;
                }
                default -> {} // the digest is nobody's business
            }
        }
    }
}
