package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.stanchion.gateway.stan.Publication;
import io.stanchion.proto.command.AppendProto;
import io.stanchion.proto.command.AppendReply;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.PublisherProto;
import io.stanchion.proto.command.RefusalProto;
import io.stanchion.proto.command.ReplyProto;
import java.util.ArrayList;
import java.util.List;

/** Messages of one channel that become one run, in the order in which they came. Owned by the log's thread. */
final class PublishRun implements BatchPart {
    private final String channel;
    private final List<Publication> publications = new ArrayList<>();
    private int recordsBytes;

    PublishRun(String channel) {
        this.channel = channel;
    }

    void add(Publication publication) {
        publications.add(publication);
        int bytes = publication.recordBytes();
        recordsBytes += CodedOutputStream.computeUInt32SizeNoTag(bytes) + bytes;
    }

    @Override
    public CommandProto toCommand() {
        AppendProto.Builder append =
                AppendProto.newBuilder().setChannel(channel).setRecords(records());
        addPublishers(append);
        return CommandProto.newBuilder().setAppend(append).build();
    }

    /** The one copy of a payload between the socket and the batch. */
    private ByteString records() {
        byte[] records = new byte[recordsBytes];
        int position = 0;
        for (Publication publication : publications) {
            int bytes = publication.recordBytes();
            position = writeVarint(bytes, records, position);
            publication.writeRecord(records, position);
            position += bytes;
        }
        return UnsafeByteOperations.unsafeWrap(records);
    }

    private static int writeVarint(int value, byte[] target, int offset) {
        int rest = value;
        int position = offset;
        while ((rest & ~0x7F) != 0) {
            target[position++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        target[position++] = (byte) rest;
        return position;
    }

    private void addPublishers(AppendProto.Builder append) {
        PublisherProto.Builder current = PublisherProto.newBuilder();
        int count = 0;
        for (Publication publication : publications) {
            boolean same = count > 0
                    && current.getConnId().equals(publication.connId())
                    && current.getClientId().equals(publication.clientId());
            if (!same) {
                if (count > 0) {
                    append.addPublishers(current.setCount(count));
                }
                current = PublisherProto.newBuilder()
                        .setConnId(publication.connId())
                        .setClientId(publication.clientId());
                count = 0;
            }
            count++;
        }
        append.addPublishers(current.setCount(count));
    }

    @Override
    public void refuse(String error) {
        publications.forEach(publication -> publication.onRefused(error));
    }

    @Override
    public void onReply(ReplyProto reply) {
        if (!reply.getError().isEmpty()) {
            refuse(reply.getError());
            return;
        }
        AppendReply append = reply.getAppend();
        int refused = 0;
        for (int i = 0; i < publications.size(); i++) {
            RefusalProto next = refused < append.getRefusedCount() ? append.getRefused(refused) : null;
            if (next != null && next.getIndex() == i) {
                refused++;
                publications.get(i).onRefused(next.getError());
            } else {
                publications.get(i).onStored();
            }
        }
    }
}
