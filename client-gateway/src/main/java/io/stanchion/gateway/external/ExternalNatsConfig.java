package io.stanchion.gateway.external;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The NATS server or cluster whose clients are served.
 *
 * @param urls empty if this node is the NATS server itself
 */
public record ExternalNatsConfig(List<String> urls, Login login, Tls tls) {
    public static final ExternalNatsConfig NONE =
            new ExternalNatsConfig(List.of(), Login.ANONYMOUS, new Tls(false, "", "", "", "", false));

    /**
     * Who we are; empty for what is not needed. If several are given, the last of them counts.
     *
     * @param credentialsFile with a JWT and the seed of its key
     */
    public record Login(String user, String password, String token, String nkeySeedFile, String credentialsFile) {
        public static final Login ANONYMOUS = new Login("", "", "", "", "");

        @Override
        public String toString() {
            return "Login[]"; // nothing of it belongs into a log
        }
    }

    /**
     * @param secure TLS, even if nothing else is set
     * @param certificateFile ours, with the certificates that lead to its root; empty for none, like the others
     * @param authorityFile whom to trust, instead of those that Java trusts
     * @param serverName that the server's certificate must have, instead of the host in its URL
     * @param trustsAnybody whoever answers is taken for the server
     */
    public record Tls(
            boolean secure,
            String certificateFile,
            String keyFile,
            String authorityFile,
            String serverName,
            boolean trustsAnybody) {
        boolean isOn() {
            return secure
                    || trustsAnybody
                    || !certificateFile.isEmpty()
                    || !authorityFile.isEmpty()
                    || !serverName.isEmpty();
        }
    }

    public boolean isOn() {
        return !urls.isEmpty();
    }

    /** The servers as a log may show them, without passwords. */
    public String shownUrls() {
        return urls.stream().map(ExternalNatsConfig::withoutLogin).collect(Collectors.joining(", "));
    }

    /** A URL as a log may show it. */
    public static String withoutLogin(String url) {
        int scheme = url.indexOf("://");
        int start = scheme < 0 ? 0 : scheme + 3;
        int at = url.lastIndexOf('@');
        return at < start ? url : url.substring(0, start) + url.substring(at + 1);
    }

    boolean isSecure() {
        return tls.isOn() || urls.stream().anyMatch(url -> url.startsWith("tls://"));
    }
}
