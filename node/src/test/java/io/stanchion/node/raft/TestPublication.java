package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import io.stanchion.gateway.stan.Publication;
import io.stanchion.proto.stan.MsgProto;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A message that remembers what became of it. */
final class TestPublication implements Publication {
    static final String STORED = "stored";

    /** {@link #STORED} or the refusal; one of them, if all is well. */
    final List<String> answers = new CopyOnWriteArrayList<>();

    private final String channel;
    private final String clientId;
    private final byte[] record;
    private final Runnable onAnswer;

    TestPublication(String channel, String clientId, String text) {
        this(channel, clientId, text, () -> {});
    }

    TestPublication(String channel, String clientId, String text, Runnable onAnswer) {
        this.channel = channel;
        this.clientId = clientId;
        this.onAnswer = onAnswer;
        record = MsgProto.newBuilder()
                .setData(ByteString.copyFromUtf8(text))
                .build()
                .toByteArray();
    }

    @Override
    public String channel() {
        return channel;
    }

    @Override
    public ByteString connId() {
        return ByteString.EMPTY;
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public int recordBytes() {
        return record.length;
    }

    @Override
    public void writeRecord(byte[] target, int offset) {
        System.arraycopy(record, 0, target, offset, record.length);
    }

    @Override
    public void onStored() {
        answers.add(STORED);
        onAnswer.run();
    }

    @Override
    public void onRefused(String error) {
        answers.add(error);
        onAnswer.run();
    }
}
