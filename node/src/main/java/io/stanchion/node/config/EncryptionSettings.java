package io.stanchion.node.config;

import io.stanchion.raftsm.cipher.Aead;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings of encryption at rest, which depend on each other and on the environment. */
final class EncryptionSettings {
    private static final String VARIABLE = "NATS_STREAMING_ENCRYPTION_KEY";

    /** Java has AES in hardware there. */
    private static final Set<String> WITH_AES = Set.of("amd64", "x86_64", "aarch64", "s390x");

    static final Kind<String> SECRET = new SecretKind();
    static final Kind<String> CIPHER = new CipherKind();

    private final Values values;
    private final @Nullable String fromEnvironment;

    EncryptionSettings(Values values, Function<String, @Nullable String> environment) {
        this.values = values;
        String given = environment.apply(VARIABLE);
        fromEnvironment = given == null || given.isEmpty() ? null : given;
    }

    /** A key that was set implies encryption; the key in the environment goes before it, and implies nothing. */
    void settle(Problems problems) {
        if (!values.get(Settings.ENCRYPTION_KEY).isEmpty()) {
            values.put(Settings.ENCRYPT, true, values.placeOf(Settings.ENCRYPTION_KEY));
        }
        if (fromEnvironment != null) {
            values.put(Settings.ENCRYPTION_KEY, fromEnvironment, Place.nowhere(VARIABLE));
        }
        if (values.get(Settings.ENCRYPT) && values.get(Settings.ENCRYPTION_KEY).isEmpty()) {
            problems.add(
                    values.placeOf(Settings.ENCRYPT),
                    "streaming.encrypt",
                    "encryption key required; set it with the environment variable " + VARIABLE);
        }
    }

    EncryptionConfig config() {
        String cipher = values.get(Settings.ENCRYPTION_CIPHER);
        boolean isAes = cipher.equals("AUTO")
                ? WITH_AES.contains(System.getProperty("os.arch", ""))
                : cipher.equals(Aead.AES.name());
        return new EncryptionConfig(
                values.get(Settings.ENCRYPT),
                isAes ? Aead.AES : Aead.CHACHA,
                values.get(Settings.ENCRYPTION_KEY),
                warning());
    }

    private String warning() {
        String place = values.placeOf(Settings.ENCRYPTION_KEY).toString();
        if (place.startsWith("-")) {
            return place + ": every user of this machine can read a command line, and the key in it; give the key with"
                    + " the environment variable " + VARIABLE;
        }
        if (fromEnvironment != null && !values.get(Settings.ENCRYPT)) {
            return VARIABLE + " is set, but encrypt is not: data is not encrypted";
        }
        return "";
    }

    /** Text that is never shown: neither as a part of the configuration nor when it does not fit. */
    private static final class SecretKind implements Kind<String> {
        @Override
        public String read(ConfigValue value) throws MisfitException {
            if (value instanceof ConfigValue.Text text) {
                return text.text();
            }
            throw new MisfitException("must be text; put it in quotes");
        }

        @Override
        public String parse(String text) {
            return text;
        }

        @Override
        public String show(String value) {
            return "";
        }
    }

    private static final class CipherKind implements Kind<String> {
        @Override
        public String read(ConfigValue value) throws MisfitException {
            return parse(Kinds.TEXT.read(value));
        }

        @Override
        public String parse(String text) throws MisfitException {
            String cipher = text.toUpperCase(Locale.ROOT);
            if (!cipher.equals("AUTO") && !cipher.equals("AES") && !cipher.equals("CHACHA")) {
                throw new MisfitException("must be AES, CHACHA or auto, not \"" + text + '"');
            }
            return cipher;
        }

        @Override
        public String show(String value) {
            return value.equals("AUTO") ? "auto" : value;
        }
    }
}
