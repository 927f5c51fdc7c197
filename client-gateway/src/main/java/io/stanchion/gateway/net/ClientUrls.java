package io.stanchion.gateway.net;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** The addresses under which clients reach this server: {@code host:port}, IPv6 in brackets. */
final class ClientUrls {
    private ClientUrls() {}

    static List<String> of(GatewayConfig config, int port) throws IOException {
        if (!config.clientAdvertise().isEmpty()) {
            return List.of(advertised(config.clientAdvertise(), port));
        }
        if (!InetAddress.getByName(config.host()).isAnyLocalAddress()) {
            return List.of(url(config.host(), port));
        }
        List<String> urls = new ArrayList<>();
        for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (network.isUp() && !network.isLoopback()) {
                addUrls(network, port, urls);
            }
        }
        return urls.isEmpty() ? List.of(url("127.0.0.1", port)) : urls;
    }

    /** All under which a listener is reached, from this machine too: what scripts here are told. */
    static List<String> ofListener(String host, int port) throws IOException {
        if (!InetAddress.getByName(host).isAnyLocalAddress()) {
            return List.of(url(host, port));
        }
        return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .flatMap(network -> Collections.list(network.getInetAddresses()).stream())
                .sorted(Comparator.comparing((InetAddress address) -> !address.isLoopbackAddress())
                        .thenComparing(address -> address instanceof Inet6Address))
                .map(address -> url(NetUtil.toAddressString(address), port))
                .distinct()
                .toList();
    }

    /** The host of {@code host} or {@code host:port}. */
    static String hostOf(String url) {
        return hasPort(url) ? unbracketed(url.substring(0, url.lastIndexOf(':'))) : unbracketed(url);
    }

    static int portOf(String url, int otherwise) {
        return hasPort(url) ? Integer.parseInt(url.substring(url.lastIndexOf(':') + 1)) : otherwise;
    }

    private static void addUrls(NetworkInterface network, int port, List<String> urls) {
        for (InetAddress address : Collections.list(network.getInetAddresses())) {
            boolean reachable = !address.isLinkLocalAddress() && !address.isLoopbackAddress();
            if (reachable) {
                urls.add(url(NetUtil.toAddressString(address), port)); // without a zone, which means nothing elsewhere
            }
        }
    }

    private static String advertised(String address, int port) {
        return url(hostOf(address), portOf(address, port));
    }

    static String url(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + shortened(host) + "]" : host) + ":" + port;
    }

    /** Clients compare URLs as text, so one address must not be written in two ways. */
    private static String shortened(String host) {
        byte[] bytes = host.indexOf('%') >= 0 ? null : NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return bytes == null ? host : NetUtil.toAddressString(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            return host;
        }
    }

    /** A colon inside the brackets of an IPv6 address, or one of several without brackets, is none before a port. */
    private static boolean hasPort(String url) {
        int colon = url.lastIndexOf(':');
        return colon > url.lastIndexOf(']') && (url.startsWith("[") || url.indexOf(':') == colon);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
