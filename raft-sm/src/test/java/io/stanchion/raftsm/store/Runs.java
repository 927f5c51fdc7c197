package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.stanchion.raftsm.model.Changes.PutRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Runs of messages that say where they belong, and what a reader gets. */
final class Runs {
    private Runs() {}

    /** A run whose messages are named after channel and sequence. */
    static PutRun of(long channelId, long first, int count, long timestampNanos) {
        List<ByteString> messages = new ArrayList<>();
        for (long sequence = first; sequence < first + count; sequence++) {
            messages.add(message(channelId, sequence));
        }
        return new PutRun(channelId, first, count, timestampNanos, records(messages));
    }

    static ByteString message(long channelId, long sequence) {
        return ByteString.copyFromUtf8(
                "message " + sequence + " of channel " + channelId + " " + "x".repeat((int) (sequence % 200)));
    }

    static ByteString records(List<ByteString> messages) {
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

    record Read(long sequence, long timestampNanos, ByteString record) {}

    static List<Read> read(MessageReader reader, long channelId, long first, long last) {
        List<Read> found = new ArrayList<>();
        reader.read(
                channelId,
                first,
                last,
                (sequence, timestampNanos, record) -> found.add(new Read(sequence, timestampNanos, record)));
        return found;
    }
}
