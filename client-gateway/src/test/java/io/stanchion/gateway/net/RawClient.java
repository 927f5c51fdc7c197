package io.stanchion.gateway.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that says exactly what it is told to. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;
    private final String info;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        info = readLine();
    }

    static RawClient connected(int port) throws IOException {
        RawClient client = new RawClient(port);
        client.say("CONNECT {\"verbose\":false,\"pedantic\":false,\"protocol\":1}\r\nPING\r\n");
        client.readLine();
        client.readLine();
        return client;
    }

    /** The first line that the server said. */
    String info() {
        return info;
    }

    void say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Null when the server has closed. */
    String readLine() throws IOException {
        return lines.readLine();
    }

    /** False if the server has closed before it said that. */
    boolean readUntil(String end) throws IOException {
        for (String line = readLine(); line != null; line = readLine()) {
            if (line.endsWith(end)) {
                return true;
            }
        }
        return false;
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
