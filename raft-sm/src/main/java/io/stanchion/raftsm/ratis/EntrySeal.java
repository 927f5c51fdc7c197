package io.stanchion.raftsm.ratis;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.cipher.SealException;
import io.stanchion.raftsm.cipher.Sealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What entries look like in the log: as they are, or sealed. The leader seals, so that its disk, the wire of Ratis and the disks of the
 * followers all have the same bytes.
 *
 * <p>The index of an entry isn't known yet when it is sealed, so the seal doesn't bind it to its place. Its contents do: batches are
 * numbered, and the machine applies each number once.
 */
final class EntrySeal {
    private static final byte[] PLACE = "entry".getBytes(StandardCharsets.UTF_8);

    private final @Nullable Sealer sealer;

    EntrySeal(Encryption encryption) {
        sealer = encryption.isOn() ? encryption.key().sealer("log") : null;
    }

    /** Where the entry will lie as the log has it: the array itself if nothing is sealed. */
    byte[] roomFor(byte[] entry) {
        return sealer == null ? entry : new byte[Sealer.OVERHEAD + entry.length];
    }

    /** The entry is complete: it goes where {@link #roomFor} said. */
    void write(byte[] entry, byte[] room) {
        if (sealer != null) {
            sealer.seal(ByteBuffer.wrap(entry), PLACE, ByteBuffer.wrap(room));
        }
    }

    /** @throws SealException if this node can't read it */
    ByteString read(ByteString logged) {
        boolean isSealed = !logged.isEmpty() && Sealer.looksSealed(logged.byteAt(0));
        if (sealer == null) {
            if (isSealed) {
                throw new SealException("is encrypted: encryption key required; start this node with encrypt and"
                        + " the key of the other nodes");
            }
            return logged;
        }
        if (!isSealed) {
            throw new SealException(
                    "is not encrypted, but this node encrypts; start all nodes with the same encrypt and key");
        }
        return UnsafeByteOperations.unsafeWrap(sealer.open(logged.asReadOnlyByteBuffer(), PLACE));
    }
}
