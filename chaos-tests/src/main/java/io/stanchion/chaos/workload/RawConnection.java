package io.stanchion.chaos.workload;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import io.nats.streaming.protobuf.CloseRequest;
import io.nats.streaming.protobuf.ConnectRequest;
import io.nats.streaming.protobuf.ConnectResponse;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * The least that can speak the streaming protocol: a blocking socket, no threads, no buffers but its own. It shows what the server can do
 * where the client library would be the bottleneck. Server PINGs and heartbeats are swallowed: a run is over long before the server minds.
 */
public final class RawConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2000;
    private static final String HEARTBEAT_SID = " 1 "; // as it stands between subject and size

    private final Socket socket = new Socket();
    private final BufferedInputStream in;
    private final OutputStream out;
    private int payloadBytes;
    private String session = "";
    private String closeSubject = "";

    public RawConnection(String host, int port, int readMillis) throws IOException {
        try {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(readMillis);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            out = socket.getOutputStream();
            readLine(); // INFO
            write("CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"raw\",\"version\":\"1\"}\r\n");
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Opens a streaming session; publish acknowledgements will come as messages. */
    public void openSession(String clusterId, String clientId, String ackInbox) throws IOException {
        String inbox = "_INBOX.raw." + clientId;
        write("SUB " + inbox + ".hb" + HEARTBEAT_SID.stripTrailing() + "\r\nSUB " + inbox + ".reply 2\r\nSUB "
                + ackInbox + " 3\r\n");
        byte[] request = ConnectRequest.newBuilder()
                .setClientID(clientId)
                .setHeartbeatInbox(inbox + ".hb")
                .setProtocol(1)
                .setConnID(ByteString.copyFromUtf8(clientId))
                .setPingInterval(5)
                .setPingMaxOut(3)
                .build()
                .toByteArray();
        out.write(frame("_STAN.discover." + clusterId, inbox + ".reply", request));
        ConnectResponse response = ConnectResponse.parseFrom(nextPayload());
        if (!response.getError().isEmpty()) {
            throw new IOException(response.getError());
        }
        session = clientId;
        closeSubject = response.getCloseRequests();
    }

    /** Says good-bye and waits for the answer, if a session was opened. */
    public void endSession() throws IOException {
        if (!session.isEmpty()) {
            byte[] request =
                    CloseRequest.newBuilder().setClientID(session).build().toByteArray();
            out.write(frame(closeSubject, "_INBOX.raw." + session + ".reply", request));
            nextPayload();
            session = "";
        }
    }

    /** A PUB as it goes over the wire; an empty {@code reply} is none. */
    public static byte[] frame(String subject, String reply, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(("PUB " + subject + " " + (reply.isEmpty() ? "" : reply + " ") + payload.length + "\r\n")
                .getBytes(US_ASCII));
        frame.writeBytes(payload);
        frame.writeBytes("\r\n".getBytes(US_ASCII));
        return frame.toByteArray();
    }

    public OutputStream out() {
        return out;
    }

    /** The next message, whatever it is. Waits as long as the socket allows. */
    RawMessage next() throws IOException {
        while (true) {
            String line = readLine();
            if (line.startsWith("MSG ")) {
                String[] words = line.split(" ", -1); // MSG subject sid [reply] size
                ByteString payload = ByteString.copyFrom(in.readNBytes(Integer.parseInt(words[words.length - 1])));
                skipLineEnd();
                return new RawMessage(Integer.parseInt(words[2]), words.length > 4 ? words[3] : "", payload);
            }
            if (line.equals("PING")) {
                write("PONG\r\n");
            } else if (line.startsWith("-ERR")) {
                throw new IOException("the server said " + line);
            }
        }
    }

    /** The payload of the next message. */
    public byte[] nextPayload() throws IOException {
        nextMessage();
        byte[] payload = in.readNBytes(payloadBytes);
        skipLineEnd();
        return payload;
    }

    /** Reads the next message and returns the size of its payload, which is dropped. */
    public int skipMessage() throws IOException {
        nextMessage();
        in.skipNBytes(payloadBytes);
        skipLineEnd();
        return payloadBytes;
    }

    private void nextMessage() throws IOException {
        while (true) {
            String line = readLine();
            if (line.startsWith("MSG ")) {
                payloadBytes = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
                if (!line.contains(HEARTBEAT_SID)) {
                    return;
                }
                skipLineEnd(); // heartbeats are empty
            }
            if (line.startsWith("-ERR")) {
                throw new IOException("the server said " + line);
            }
        }
    }

    private void skipLineEnd() throws IOException {
        in.skipNBytes(2);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    void write(String text) throws IOException {
        out.write(text.getBytes(US_ASCII));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
