package io.stanchion.node.config;

import java.util.Optional;

/**
 * An address to listen on.
 *
 * @param host empty if only a port was given
 */
public record HostPort(String host, int port) {
    private static final int PORT_MAX = 65_535;

    /** {@code host:port}, {@code [v6]:port}, {@code :port} or a port alone. */
    static Optional<HostPort> parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            return Optional.empty();
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return port < -1 || port > PORT_MAX ? Optional.empty() : Optional.of(new HostPort(host, port));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
