package io.stanchion.gateway.external;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server that knows just enough NATS to look at a CONNECT and to let its sender in or not. */
final class ScriptedNats implements AutoCloseable {
    static final String NONCE = "bm9uY2Utb2YtdGVzdA";

    private final ServerSocket listener;
    private final Predicate<String> admits;
    private final SSLContext tls;
    private final Queue<String> connects = new ConcurrentLinkedQueue<>();

    /** @param tls null for none; with it, clients must show a certificate */
    ScriptedNats(SSLContext tls, Predicate<String> admits) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.tls = tls;
        this.admits = admits;
        start("accepts", this::accept);
    }

    String url() {
        return "nats://localhost:" + listener.getLocalPort();
    }

    /** The arguments of the first CONNECT. */
    String connect() {
        return String.valueOf(connects.peek());
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "scripted-nats-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                start("client", () -> serve(client));
            }
        } catch (IOException e) {
            return; // closed by the test
        }
    }

    private void serve(Socket client) {
        try (client) {
            write(
                    client,
                    "INFO {\"server_id\":\"S\",\"version\":\"2.10.0\",\"proto\":1,\"headers\":true,\"max_payload\":1000,"
                            + "\"auth_required\":true,\"nonce\":\"" + NONCE + "\",\"tls_required\":" + (tls != null)
                            + "}\r\n");
            Socket spoken = tls == null ? client : secured(client);
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(spoken.getInputStream(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("CONNECT ")) {
                    connects.add(line.substring("CONNECT ".length()));
                    if (!admits.test(line)) {
                        write(spoken, "-ERR 'Authorization Violation'\r\n");
                        return;
                    }
                } else if (line.equals("PING")) {
                    write(spoken, "PONG\r\n");
                }
            }
        } catch (IOException e) {
            return; // the client went away, or did not like our certificate
        }
    }

    private SSLSocket secured(Socket client) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(client, "localhost", client.getPort(), true);
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(true);
        socket.startHandshake();
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
