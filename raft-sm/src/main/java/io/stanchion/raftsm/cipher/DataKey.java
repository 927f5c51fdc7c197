package io.stanchion.raftsm.cipher;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of a cluster, from which all others are derived. Immutable; it shows nobody what it is.
 *
 * <p>Nodes install each other's checkpoints and read each other's log entries, so the same passphrase must give the same key everywhere.
 * That is why the salt is the cluster ID, which all of them know before they read anything: two clusters with one passphrase have
 * different keys. PBKDF2 makes each guess of a passphrase expensive; what it yields is only used to derive other keys, one for each
 * purpose, with HMAC-SHA256 (the expand step of HKDF, of which one block is enough).
 */
public final class DataKey {
    /** What OWASP recommends for HMAC-SHA256; half a second. Changing it changes every key. */
    private static final int ITERATIONS = 600_000;

    private static final int KEY_BITS = 256;
    private static final int CHECK_LENGTH = 16;

    private final byte[] master;
    private final Aead aead;

    private DataKey(byte[] master, Aead aead) {
        this.master = master;
        this.aead = aead;
    }

    /**
     * Takes about half a second.
     *
     * @param aead what this node seals with; it reads both
     */
    public static DataKey derive(String passphrase, String clusterId, Aead aead) {
        char[] secret = passphrase.toCharArray();
        byte[] salt = ("stanchion data " + clusterId).getBytes(StandardCharsets.UTF_8);
        PBEKeySpec spec = new PBEKeySpec(secret, salt, ITERATIONS, KEY_BITS);
        try {
            byte[] master = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            return new DataKey(master, aead);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2 with HMAC-SHA256", e);
        } finally {
            spec.clearPassword();
            Arrays.fill(secret, '\0');
        }
    }

    /** The same key, for other values: a node may change what it seals with at any time. */
    public DataKey with(Aead other) {
        return new DataKey(master, other);
    }

    /** Tells keys apart and says nothing else about them. */
    public byte[] check() {
        return Arrays.copyOf(expand(master, "check", new byte[0]), CHECK_LENGTH);
    }

    public boolean matches(byte[] check) {
        return MessageDigest.isEqual(check, check());
    }

    /** What one kind of data is sealed with. No other kind can be opened with it. */
    public Sealer sealer(String purpose) {
        return new Sealer(expand(master, "seal " + purpose, new byte[0]), check(), aead);
    }

    /** Turns names that serve as keys into numbers that nobody can turn back. */
    public NameHash nameHash() {
        return new NameHash(expand(master, "names", new byte[0]));
    }

    static byte[] expand(byte[] key, String purpose, byte[] more) {
        Mac mac = mac(key);
        mac.update(purpose.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0); // where the purpose ends
        mac.update(more);
        mac.update((byte) 1);
        return mac.doFinal();
    }

    static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA256", e);
        }
    }

    @Override
    public String toString() {
        return "DataKey[" + aead + "]";
    }
}
