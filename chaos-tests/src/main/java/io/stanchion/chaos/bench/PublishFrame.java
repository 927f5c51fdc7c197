package io.stanchion.chaos.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import io.nats.streaming.protobuf.PubMsg;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A PUB frame that is encoded once; from one message to the next only the digits of its guid change. */
final class PublishFrame {
    private static final String GUID = "G000000000000000000000";

    /** Payload size of a PubAck that carries such a guid and no error: tag, length, guid. */
    static final int GOOD_ACK_BYTES = 2 + 22;

    private final byte[] bytes;
    private final int guidEnd;

    PublishFrame(String clusterId, String clientId, String channel, String ackInbox, int payloadBytes)
            throws IOException {
        byte[] message = PubMsg.newBuilder()
                .setClientID(clientId)
                .setGuid(GUID)
                .setSubject(channel)
                .setData(ByteString.copyFrom(new byte[payloadBytes]))
                .build()
                .toByteArray();
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(("PUB _STAN.pub." + clusterId + "." + channel + " " + ackInbox + " " + message.length + "\r\n")
                .getBytes(US_ASCII));
        frame.write(message);
        frame.write("\r\n".getBytes(US_ASCII));
        bytes = frame.toByteArray();
        guidEnd = new String(bytes, US_ASCII).indexOf(GUID) + GUID.length();
    }

    void writeNext(OutputStream out) throws IOException {
        int digit = guidEnd - 1;
        while (bytes[digit] == '9') {
            bytes[digit--] = '0';
        }
        bytes[digit]++;
        out.write(bytes);
    }
}
