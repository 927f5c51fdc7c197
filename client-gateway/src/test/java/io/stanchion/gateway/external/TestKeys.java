package io.stanchion.gateway.external;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A fresh key with a certificate that it signed itself, made by Java's own tool, and its files. */
final class TestKeys {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final int RSA_2048_HEAD_BYTES = 26;

    private final KeyStore store;
    private final Path folder;
    private final String name;

    private TestKeys(KeyStore store, Path folder, String name) {
        this.store = store;
        this.folder = folder;
        this.name = name;
    }

    static TestKeys generate(Path folder, String name, String host) throws Exception {
        Path file = folder.resolve(name + ".p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "2",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:" + host,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD));
        Process tool = new ProcessBuilder(command).inheritIO().start();
        if (tool.waitFor() != 0) {
            throw new IllegalStateException("keytool failed");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return new TestKeys(store, folder, name);
    }

    String certificateFile() throws IOException, GeneralSecurityException {
        return pem("CERTIFICATE", store.getCertificate(name).getEncoded(), "-cert.pem");
    }

    String keyFile() throws IOException, GeneralSecurityException {
        return pem("PRIVATE KEY", key().getEncoded(), "-key.pem");
    }

    /** The older format of the same key: what lies inside the newer one. */
    String rsaKeyFile() throws IOException, GeneralSecurityException {
        byte[] encoded = key().getEncoded();
        return pem("RSA PRIVATE KEY", Arrays.copyOfRange(encoded, RSA_2048_HEAD_BYTES, encoded.length), "-rsa-key.pem");
    }

    Key key() throws GeneralSecurityException {
        return store.getKey(name, PASSWORD);
    }

    /** A server with this key that lets in whoever has the other one. */
    SSLContext serverFor(TestKeys client) throws GeneralSecurityException, IOException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("client", client.store.getCertificate(client.name));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private String pem(String what, byte[] der, String suffix) throws IOException {
        String text = "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + what + "-----\n";
        return Files.writeString(folder.resolve(name + suffix), text).toString();
    }
}
