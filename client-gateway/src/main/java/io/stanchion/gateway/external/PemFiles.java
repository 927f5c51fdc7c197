package io.stanchion.gateway.external;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as OpenSSL writes them. Errors name the setting and the file. */
final class PemFiles {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private PemFiles() {}

    static Certificate[] certificates(String key, String file) throws IOException {
        byte[] bytes = read(key, file);
        try {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes));
            if (!found.isEmpty()) {
                return found.toArray(Certificate[]::new);
            }
        } catch (CertificateException e) {
            throw new IOException(key + ": " + file + " does not contain a certificate in PEM format", e);
        }
        throw new IOException(key + ": " + file + " does not contain a certificate in PEM format");
    }

    static PrivateKey privateKey(String key, String file) throws IOException {
        Matcher block = KEY.matcher(new String(read(key, file), StandardCharsets.US_ASCII));
        if (!block.find()) {
            throw new IOException(
                    key + ": " + file + " does not contain a private key in PEM format without a password");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            return parse(
                    switch (block.group(1)) {
                        case "RSA PRIVATE KEY" -> Pkcs8.ofRsa(der);
                        case "EC PRIVATE KEY" -> Pkcs8.ofEc(der);
                        default -> der;
                    });
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(key + ": the private key in " + file + " cannot be read: " + Reason.of(e), e);
        }
    }

    /** Which kind it is, is written inside; whoever does not know it refuses. */
    private static PrivateKey parse(byte[] pkcs8) throws GeneralSecurityException {
        GeneralSecurityException refusal = new GeneralSecurityException("it is neither RSA nor EC nor Ed25519");
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                refusal.addSuppressed(e);
            }
        }
        throw refusal;
    }

    private static byte[] read(String key, String file) throws IOException {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new IOException(key + ": cannot read " + file + ": " + Reason.of(e), e);
        }
    }
}
