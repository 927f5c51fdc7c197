package io.stanchion.gateway.net;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * A name for one run of the server in the shape of a public server key: 56 base32 characters, the first an N (protocol specification
 * 6.3). Tools know a server's ID by that shape. Nobody has the private key; none is needed.
 */
final class ServerId {
    private static final byte[] DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".getBytes(StandardCharsets.US_ASCII);
    private static final int SERVER_PREFIX = 0x68;
    private static final int KEY_BYTES = 32;
    private static final int CRC16_POLYNOMIAL = 0x1021;

    private ServerId() {}

    static String random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        byte[] raw = new byte[1 + KEY_BYTES + 2];
        raw[0] = SERVER_PREFIX;
        System.arraycopy(key, 0, raw, 1, KEY_BYTES);
        int crc = crc16(raw, 1 + KEY_BYTES);
        raw[1 + KEY_BYTES] = (byte) crc; // little-endian
        raw[2 + KEY_BYTES] = (byte) (crc >>> 8);
        return base32(raw);
    }

    private static int crc16(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (bytes[i] & 0xFF) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ CRC16_POLYNOMIAL;
            }
        }
        return crc & 0xFFFF;
    }

    /** The 35 bytes are 56 digits exactly. */
    private static String base32(byte[] bytes) {
        byte[] text = new byte[bytes.length * 8 / 5];
        for (int i = 0; i < text.length; i++) {
            int bit = i * 5;
            int pair = (bytes[bit / 8] & 0xFF) << 8 | (bit / 8 + 1 < bytes.length ? bytes[bit / 8 + 1] & 0xFF : 0);
            text[i] = DIGITS[pair >>> (11 - bit % 8) & 31];
        }
        return new String(text, StandardCharsets.US_ASCII);
    }
}
