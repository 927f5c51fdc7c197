package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.stanchion.proto.command.CloseSessionProto;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.OpenSessionProto;
import io.stanchion.proto.stan.MsgProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Commands as the gateway builds them, and what lies in a run. */
final class Commands {
    private Commands() {}

    static CommandProto openSession(String clientId) {
        return CommandProto.newBuilder()
                .setOpenSession(
                        OpenSessionProto.newBuilder().setClientId(clientId).setHeartbeatInbox("_INBOX." + clientId))
                .build();
    }

    static CommandProto closeSession(String clientId) {
        return CommandProto.newBuilder()
                .setCloseSession(CloseSessionProto.newBuilder().setClientId(clientId))
                .build();
    }

    /** The data of each message of a run. */
    static List<String> texts(ByteString records) {
        List<String> texts = new ArrayList<>();
        try {
            CodedInputStream in = records.newCodedInput();
            while (!in.isAtEnd()) {
                texts.add(MsgProto.parseFrom(in.readByteArray()).getData().toStringUtf8());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("not the records of a run", e);
        }
        return texts;
    }

    /** The sequences that pairs of first and count - 1 stand for. */
    static List<Long> sequences(List<Long> ranges) {
        List<Long> sequences = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i += 2) {
            for (long more = 0; more <= ranges.get(i + 1); more++) {
                sequences.add(ranges.get(i) + more);
            }
        }
        return sequences;
    }
}
