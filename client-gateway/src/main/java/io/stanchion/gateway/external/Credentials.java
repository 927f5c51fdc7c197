package io.stanchion.gateway.external;

import io.nats.client.AuthHandler;
import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** Shows the NATS server who we are. Files are checked before the first connection is tried. */
final class Credentials {
    private static final String SEED_OF_USER = "SU";

    private final ExternalNatsConfig.Login login;

    Credentials(ExternalNatsConfig.Login login) {
        this.login = login;
    }

    void applyTo(Options.Builder options) throws IOException {
        if (!login.credentialsFile().isEmpty()) {
            options.authHandler(credentials(login.credentialsFile()));
        } else if (!login.nkeySeedFile().isEmpty()) {
            options.authHandler(seed(login.nkeySeedFile()));
        } else if (!login.token().isEmpty()) {
            options.token(login.token().toCharArray());
        } else if (!login.user().isEmpty()) {
            options.userInfo(login.user(), login.password());
        }
    }

    private static AuthHandler credentials(String file) throws IOException {
        String key = "streaming.credentials";
        read(key, file);
        AuthHandler handler = Nats.credentials(file);
        try {
            char[] jwt = handler.getJWT();
            if (jwt != null && jwt.length > 0 && handler.getID() != null) {
                return handler;
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw unusable(key, file, "a JWT and an NKey seed", e);
        }
        throw unusable(key, file, "a JWT and an NKey seed", null);
    }

    private static AuthHandler seed(String file) throws IOException {
        String key = "streaming.nkey_seed_file";
        String seed = read(key, file)
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(SEED_OF_USER))
                .findFirst()
                .orElseThrow(() -> unusable(key, file, "the seed of a user, SU...", null));
        try {
            return new SeedHandler(NKey.fromSeed(seed.toCharArray()));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw unusable(key, file, "the seed of a user, SU...", e);
        }
    }

    private static String read(String key, String file) throws IOException {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new IOException(key + ": cannot read " + file + ": " + Reason.of(e), e);
        }
    }

    private static IOException unusable(String key, String file, String wanted, @Nullable Exception cause) {
        return new IOException(key + ": " + file + " does not contain " + wanted, cause);
    }

    /** Signs with a key that is known to the server by itself, without a JWT. */
    private static final class SeedHandler implements AuthHandler {
        private final NKey key;
        private final char[] publicKey;

        SeedHandler(NKey key) throws IOException, GeneralSecurityException {
            this.key = key;
            this.publicKey = key.getPublicKey();
        }

        @Override
        public byte[] sign(byte[] nonce) {
            try {
                return key.sign(nonce);
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("cannot sign with the NKey seed", e);
            }
        }

        @Override
        public char[] getID() {
            return publicKey.clone();
        }

        @Override
        public char @Nullable [] getJWT() {
            return null;
        }
    }
}
