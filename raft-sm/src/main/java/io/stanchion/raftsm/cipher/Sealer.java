package io.stanchion.raftsm.cipher;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/**
 * Encrypts values of one kind, and finds out whether they were changed. Thread-safe.
 *
 * <p>What is sealed: cipher (1 byte), the key's mark (4), salt (16), number (8), ciphertext, tag (16). All of that but the tag is covered
 * by the tag, and so is the place that the caller names: a value that turns up elsewhere can't be opened.
 *
 * <p><b>No nonce is used twice.</b> Both ciphers break if two values are sealed with the same key and nonce, and all nodes of a cluster
 * have the same passphrase, write for years, and are restored from copies of their disks. So nothing about a nonce comes from the disk:
 * <ul>
 *   <li>A process draws a salt of 128 random bits before it seals its first value. The key that values are sealed with is derived from
 *       the salt, and the nonce is a number that counts up from 0 under that salt. So within one salt nonces differ by construction, and
 *       between two salts the keys differ.
 *   <li>A salt serves at most 2^32 values and 2^32 blocks of 16 bytes (64 GiB); then the next is drawn. That also keeps each key far
 *       below the amount of data at which GCM would begin to leak (2^32 blocks: an advantage of about 2^-65).
 *   <li>Two salts are equal with a probability of n^2 / 2^129 for n salts. A thousand nodes that draw a salt each second for a hundred
 *       years come to 2^42 of them: 2^-45. With random nonces of 96 bits under one key, the same would hold for 2^26 values only; 2^40
 *       messages would be far beyond it.
 * </ul>
 */
public final class Sealer {
    private static final int MARK_LENGTH = 4;
    private static final int SALT_LENGTH = 16;
    private static final int HEADER_LENGTH = 1 + MARK_LENGTH + SALT_LENGTH + Long.BYTES;

    /** So much longer is a value when it is sealed. */
    public static final int OVERHEAD = HEADER_LENGTH + Aead.TAG_LENGTH;

    private static final long VALUES_MAX = 1L << 32;
    static final long BLOCKS_MAX = 1L << 32;
    private static final int BLOCK_LENGTH = 16;

    /** Of other processes' salts; who reads an old channel meets one per start of a node, and one per 64 GiB. */
    private static final int OPENING_KEYS_MAX = 256;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;
    private final int mark;
    private final Aead aead;
    private final AtomicReference<Epoch> current;
    private final ConcurrentHashMap<ByteBuffer, byte[]> openingKeys = new ConcurrentHashMap<>();

    /** A salt and the key that comes from it. */
    private static final class Salted {
        private final byte[] salt;
        private final byte[] key;

        private Salted(byte[] salt, byte[] key) {
            this.salt = salt;
            this.key = key;
        }
    }

    /** What is sealed under one salt. {@code values} and {@code blocks} are those given away so far. */
    private record Epoch(Salted with, long values, long blocks) {
        private Epoch next(long moreBlocks) {
            return new Epoch(with, values + 1, blocks + moreBlocks);
        }
    }

    Sealer(byte[] key, byte[] check, Aead aead) {
        this.key = key;
        this.mark = ByteBuffer.wrap(check).getInt();
        this.aead = aead;
        current = new AtomicReference<>(newEpoch());
    }

    private Epoch newEpoch() {
        byte[] salt = new byte[SALT_LENGTH];
        RANDOM.nextBytes(salt);
        return new Epoch(new Salted(salt, derived(aead.id(), salt)), 0, 0);
    }

    private byte[] derived(byte cipher, byte[] salt) {
        return DataKey.expand(
                key,
                "salt",
                ByteBuffer.allocate(1 + SALT_LENGTH).put(cipher).put(salt).array());
    }

    /** As if this had been sealed; for tests, which can't wait for it. */
    void spend(long blocks) {
        var unused = take(blocks);
    }

    /** Takes the next number, and with it the salt under which nobody else has it. */
    private Epoch take(long blocks) {
        while (true) {
            Epoch now = Objects.requireNonNull(current.get());
            if (now.values >= VALUES_MAX || now.blocks + blocks > BLOCKS_MAX) {
                current.compareAndSet(now, newEpoch());
            } else if (current.compareAndSet(now, now.next(blocks))) {
                return now;
            }
        }
    }

    /** Puts {@code OVERHEAD + plain.remaining()} bytes into {@code to}, and reads all of {@code plain}. They must not overlap. */
    public void seal(ByteBuffer plain, byte[] place, ByteBuffer to) {
        Epoch epoch = take(plain.remaining() / BLOCK_LENGTH + 1);
        int start = to.position();
        to.put(aead.id()).putInt(mark).put(epoch.with.salt).putLong(epoch.values);
        byte[] header = new byte[HEADER_LENGTH];
        to.duplicate().position(start).get(header);
        try {
            Cipher cipher = aead.newCipher(Cipher.ENCRYPT_MODE, epoch.with.key, nonce(epoch.values));
            cipher.updateAAD(header);
            cipher.updateAAD(place);
            cipher.doFinal(plain, to);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java can't encrypt with " + aead, e);
        }
    }

    /** Seals into memory of its own. */
    public byte[] seal(byte[] plain, byte[] place) {
        ByteBuffer to = ByteBuffer.allocate(OVERHEAD + plain.length);
        seal(ByteBuffer.wrap(plain), place, to);
        return to.array();
    }

    /**
     * Reads all of {@code sealed}.
     *
     * @throws SealException if that was not sealed with this key for this place, or has changed since
     */
    public byte[] open(ByteBuffer sealed, byte[] place) {
        if (sealed.remaining() < OVERHEAD) {
            throw new SealException("is not encrypted, or damaged");
        }
        byte[] header = new byte[HEADER_LENGTH];
        sealed.get(header);
        ByteBuffer in = ByteBuffer.wrap(header);
        Aead sealedWith = Aead.of(in.get());
        if (in.getInt() != mark) {
            throw new SealException("is encrypted with another key than this node's");
        }
        byte[] salt = new byte[SALT_LENGTH];
        in.get(salt);
        byte[] plain = new byte[sealed.remaining() - Aead.TAG_LENGTH];
        try {
            Cipher cipher =
                    sealedWith.newCipher(Cipher.DECRYPT_MODE, openingKey(sealedWith.id(), salt), nonce(in.getLong()));
            cipher.updateAAD(header);
            cipher.updateAAD(place);
            cipher.doFinal(sealed, ByteBuffer.wrap(plain));
            return plain;
        } catch (AEADBadTagException | BufferUnderflowException e) {
            throw new SealException("is damaged, or not where it belongs");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java can't decrypt with " + sealedWith, e);
        }
    }

    private byte[] openingKey(byte cipher, byte[] salt) {
        ByteBuffer name =
                ByteBuffer.allocate(1 + SALT_LENGTH).put(cipher).put(salt).flip();
        byte[] known = openingKeys.get(name);
        if (known != null) {
            return known;
        }
        byte[] found = derived(cipher, salt);
        if (openingKeys.size() >= OPENING_KEYS_MAX) {
            openingKeys.clear(); // deriving them anew costs two microseconds each
        }
        openingKeys.put(name, found);
        return found;
    }

    private static byte[] nonce(long number) {
        return ByteBuffer.allocate(Aead.NONCE_LENGTH).putInt(0).putLong(number).array();
    }

    /** Whether bytes begin like something sealed. No protobuf message does. */
    public static boolean looksSealed(byte first) {
        return first == Aead.AES.id() || first == Aead.CHACHA.id();
    }
}
