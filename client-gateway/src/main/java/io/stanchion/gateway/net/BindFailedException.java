package io.stanchion.gateway.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** An address cannot be listened on. The message is one line: the address, the reason, and what to do. */
public final class BindFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param whom to listen for
     * @param hostKey setting to correct if the host is wrong
     * @param portKey setting to correct if the port is
     * @param cause from Java's sockets or Netty's
     */
    public BindFailedException(
            String whom, String host, int port, String hostKey, String portKey, @Nullable Throwable cause) {
        super(
                "cannot listen for " + whom + " on " + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port
                        + ": " + reason(new InetSocketAddress(host, port), hostKey, portKey, cause),
                cause);
    }

    private static String reason(InetSocketAddress address, String hostKey, String portKey, @Nullable Throwable cause) {
        if (address.isUnresolved()) {
            return "unknown host; correct " + hostKey;
        } else if (speaksOf("Address already in use", cause)) {
            return "the port is taken; stop what listens there, or choose another with " + portKey;
        } else if (!isOwn(address.getAddress())) {
            return "this is not an address of this machine; correct " + hostKey;
        } else if (speaksOf("Permission denied", cause)) {
            return "this user may not use the port; choose another with " + portKey;
        }
        return "the system refuses it; correct " + hostKey + " or " + portKey;
    }

    /** Neither Java nor Netty has a type of its own for these; both pass on the words of the system, Netty with some before them. */
    private static boolean speaksOf(String words, @Nullable Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (String.valueOf(each.getMessage()).contains(words)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // nobody knows, so it is not to blame
        }
    }
}
