package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The NATS client protocol over a plain socket, so that a test sees exactly what the server sends. A thread of its own reads; PINGs are
 * answered there. Writes come from the test thread and, for answers, from the reader, hence one write call per line.
 */
final class RawNatsClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket;
    private final OutputStream out;
    private final BufferedInputStream in;
    private final Map<Integer, BlockingQueue<RawMessage>> subscriptions = new ConcurrentHashMap<>();
    private final Set<Integer> answered = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger lastSid = new AtomicInteger();

    /** A message as it came, its header bytes included in the payload when there were any. */
    record RawMessage(String subject, String reply, ByteString payload, int headerBytes) {}

    private RawNatsClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        Thread reader = new Thread(this::read, "raw-nats-client");
        reader.setDaemon(true);
        reader.start();
    }

    /** Connects and says CONNECT as usual. */
    static RawNatsClient connect(int port) throws IOException {
        RawNatsClient client = silent(port);
        client.send(
                "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,\"name\":\"raw\"}");
        client.roundTrip();
        return client;
    }

    /** Connects and says nothing; the server's INFO is the first line. */
    static RawNatsClient silent(int port) throws IOException {
        return new RawNatsClient(port);
    }

    /** Returns when the server has read everything that we wrote before. */
    void roundTrip() throws IOException {
        send("PING");
        String line = nextLine();
        while (!line.equals("PONG")) {
            line = nextLine();
        }
    }

    BlockingQueue<RawMessage> subscribe(String subject) throws IOException {
        int sid = lastSid.incrementAndGet();
        BlockingQueue<RawMessage> queue = new LinkedBlockingQueue<>();
        subscriptions.put(sid, queue);
        send("SUB " + subject + " " + sid);
        return queue;
    }

    /** Answers whatever comes on this subject with nothing, as a living client does with its heartbeats. */
    void answer(String subject) throws IOException {
        int sid = lastSid.incrementAndGet();
        answered.add(sid);
        send("SUB " + subject + " " + sid);
    }

    void publish(String subject, @Nullable String reply, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        String head = "PUB " + subject + (reply == null ? "" : " " + reply) + " " + payload.length + "\r\n";
        frame.write(head.getBytes(US_ASCII));
        frame.write(payload);
        frame.write('\r');
        frame.write('\n');
        sendRaw(frame.toByteArray());
    }

    /** Sends a line, or several that are separated by CRLF. */
    void send(String line) throws IOException {
        sendRaw((line + "\r\n").getBytes(US_ASCII));
    }

    void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** The next line that is not a message: INFO, +OK, -ERR, PONG. */
    String nextLine() {
        return take(lines, "a line");
    }

    boolean awaitClosedByServer(Duration limit) {
        try {
            return closed.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static <T> T take(BlockingQueue<T> queue, String what) {
        try {
            T taken = queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (taken == null) {
                throw new AssertionError("waited in vain for " + what);
            }
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
        }
    }

    private void read() {
        try {
            while (true) {
                dispatch(readLine());
            }
        } catch (EOFException | SocketException e) {
            closed.countDown(); // the server, or the test, has closed the connection
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void dispatch(String line) throws IOException {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "MSG" -> readMessage(words, false);
            case "HMSG" -> readMessage(words, true);
            case "PING" -> send("PONG");
            default -> lines.add(line);
        }
    }

    /** MSG subject sid [reply] size, and HMSG subject sid [reply] headersize size. */
    private void readMessage(String[] words, boolean headers) throws IOException {
        int sizes = headers ? 2 : 1;
        String reply = words.length == 3 + sizes ? "" : words[3];
        int size = Integer.parseInt(words[words.length - 1]);
        int headerBytes = headers ? Integer.parseInt(words[words.length - 2]) : 0;
        byte[] payload = in.readNBytes(size);
        if (payload.length < size || in.read() != '\r' || in.read() != '\n') {
            throw new EOFException("message without an end");
        }
        int sid = Integer.parseInt(words[2]);
        if (answered.contains(sid) && !reply.isEmpty()) {
            publish(reply, null, new byte[0]);
        }
        BlockingQueue<RawMessage> queue = subscriptions.get(sid);
        if (queue != null) {
            queue.add(new RawMessage(words[1], reply, ByteString.copyFrom(payload), headerBytes));
        }
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
