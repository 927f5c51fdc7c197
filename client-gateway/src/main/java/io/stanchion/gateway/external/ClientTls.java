package io.stanchion.gateway.external;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS towards the NATS server, from PEM files. The server's name is checked, which neither Java nor the NATS client does by itself. */
final class ClientTls {
    private static final Logger log = LoggerFactory.getLogger(ClientTls.class);
    private static final char[] NO_PASSWORD = {};

    private ClientTls() {}

    /** @throws IOException with one line that names the setting */
    static SSLContext contextOf(ExternalNatsConfig.Tls tls) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(tls), trust(tls), new SecureRandom());
            return tls.trustsAnybody() ? context : new NameCheckingContext(context, tls.serverName());
        } catch (GeneralSecurityException e) {
            throw new IOException("streaming.tls: " + Reason.of(e), e);
        }
    }

    private static KeyManager @Nullable [] keys(ExternalNatsConfig.Tls tls)
            throws IOException, GeneralSecurityException {
        if (tls.certificateFile().isEmpty()) {
            return null;
        }
        Certificate[] chain = PemFiles.certificates("streaming.tls.client_cert", tls.certificateFile());
        KeyStore store = emptyStore();
        store.setKeyEntry("client", PemFiles.privateKey("streaming.tls.client_key", tls.keyFile()), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager @Nullable [] trust(ExternalNatsConfig.Tls tls)
            throws IOException, GeneralSecurityException {
        if (tls.trustsAnybody()) {
            log.warn("STREAM: the certificate of the NATS server is not verified (streaming.tls.skip_verify)");
            return new TrustManager[] {new TrustsAnybody()};
        } else if (tls.authorityFile().isEmpty()) {
            return null; // those that Java trusts
        }
        KeyStore store = emptyStore();
        int count = 0;
        for (Certificate authority : PemFiles.certificates("streaming.tls.client_ca", tls.authorityFile())) {
            store.setCertificateEntry("authority" + count++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** What an operator asks for with {@code skip_verify}. */
    private static final class TrustsAnybody extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
