package io.stanchion.node.config;

import io.stanchion.gateway.external.ExternalNatsConfig;
import io.stanchion.gateway.external.ExternalNatsConfig.Login;
import io.stanchion.gateway.external.ExternalNatsConfig.Tls;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What is set for a NATS server elsewhere, taken together. */
final class ExternalSettings {
    private static final List<String> SCHEMES = List.of("nats", "tls", "opentls", "ws", "wss");

    private ExternalSettings() {}

    static ExternalNatsConfig build(Values values) {
        return new ExternalNatsConfig(
                urls(values.get(Settings.NATS_SERVER)),
                new Login(
                        values.get(Settings.USERNAME),
                        values.get(Settings.PASSWORD),
                        values.get(Settings.TOKEN),
                        values.get(Settings.NKEY_SEED_FILE),
                        values.get(Settings.CREDENTIALS)),
                new Tls(
                        values.get(Settings.SECURE),
                        values.get(Settings.CLIENT_CERT),
                        values.get(Settings.CLIENT_KEY),
                        values.get(Settings.CLIENT_CA),
                        values.get(Settings.TLS_SERVER_NAME),
                        values.get(Settings.TLS_SKIP_VERIFY)));
    }

    /** Empty if there is none, or if one of them is no URL. */
    static List<String> urls(String text) {
        List<String> urls =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        return urls.stream().allMatch(ExternalSettings::isUrl) ? urls : List.of();
    }

    private static boolean isUrl(String url) {
        int scheme = url.indexOf("://");
        boolean known = scheme < 0 || SCHEMES.contains(url.substring(0, scheme));
        return known
                && !url.isEmpty()
                && url.length() > (scheme < 0 ? 0 : scheme + 3)
                && url.chars().noneMatch(c -> c <= ' ');
    }

    static void check(Values values, Problems problems) {
        if (values.get(Settings.NATS_SERVER).isEmpty()) {
            // A flag that looks as if clients had to show a password must not be passed over.
            List.of(Settings.USERNAME, Settings.PASSWORD, Settings.TOKEN)
                    .forEach(setting -> checkUnused(setting, values, problems));
            Stream.of(
                            Settings.SECURE,
                            Settings.CLIENT_CERT,
                            Settings.CLIENT_KEY,
                            Settings.CLIENT_CA,
                            Settings.TLS_SERVER_NAME,
                            Settings.TLS_SKIP_VERIFY)
                    .filter(values::isSet)
                    .findFirst()
                    .ifPresent(
                            setting -> problems.warn(
                                    values.placeOf(setting),
                                    setting.name()
                                            + ": no effect here: it is for a NATS server elsewhere (nats_server_url), and there is none"));
        }
        boolean hasCertificate = !values.get(Settings.CLIENT_CERT).isEmpty();
        boolean hasKey = !values.get(Settings.CLIENT_KEY).isEmpty();
        if (hasCertificate != hasKey) {
            Setting<String> given = hasCertificate ? Settings.CLIENT_CERT : Settings.CLIENT_KEY;
            problems.add(
                    values.placeOf(given),
                    "streaming.tls." + given.name(),
                    "client_cert and client_key belong together; give both");
        }
    }

    private static void checkUnused(Setting<String> setting, Values values, Problems problems) {
        if (!values.get(setting).isEmpty()) {
            problems.add(
                    values.placeOf(setting),
                    "streaming." + setting.name(),
                    "is for a NATS server elsewhere (nats_server_url), and there is none; clients of this node need no password."
                            + " Remove it");
        }
    }
}
