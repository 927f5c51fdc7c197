package io.stanchion.gateway.external;

import java.io.ByteArrayOutputStream;

/** Puts private keys in older formats into the one that Java reads, RFC 5208: a version, the algorithm, and the key as it was. */
final class Pkcs8 {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int OID = 0x06;
    private static final int CURVE = 0xa0;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final byte[] RSA = {
        0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private Pkcs8() {}

    /** RFC 8017, A.1.2. */
    static byte[] ofRsa(byte[] der) {
        return element(SEQUENCE, VERSION_0, element(SEQUENCE, RSA), element(OCTETS, der));
    }

    /** RFC 5915: the curve stands in a field [0] behind the key, and must stand beside the algorithm here. */
    static byte[] ofEc(byte[] der) {
        int outer = contentStart(der, 0);
        int version = contentStart(der, outer);
        int key = version + length(der, outer);
        int curve = contentStart(der, key) + length(der, key);
        if (curve > der.length) {
            throw new IllegalArgumentException("it is cut off");
        } else if (curve == der.length || (der[curve] & 0xff) != CURVE) {
            throw new IllegalArgumentException("it does not say on which curve it is");
        }
        int oid = contentStart(der, curve);
        if (der[oid] != OID) {
            throw new IllegalArgumentException("its curve has no name");
        }
        byte[] name = new byte[length(der, curve)];
        System.arraycopy(der, oid, name, 0, name.length);
        return element(SEQUENCE, VERSION_0, element(SEQUENCE, EC, name), element(OCTETS, der));
    }

    private static int contentStart(byte[] der, int element) {
        checkInside(der, element + 1);
        int first = der[element + 1] & 0xff;
        return element + 2 + (first < 0x80 ? 0 : first - 0x80);
    }

    private static int length(byte[] der, int element) {
        int start = contentStart(der, element);
        checkInside(der, start);
        if (start == element + 2) {
            return der[element + 1];
        }
        int length = 0;
        for (int i = element + 2; i < start; i++) {
            length = length << 8 | (der[i] & 0xff);
        }
        if (length < 0 || length > der.length) {
            throw new IllegalArgumentException("it is cut off");
        }
        return length;
    }

    private static void checkInside(byte[] der, int index) {
        if (index < 0 || index >= der.length) {
            throw new IllegalArgumentException("it is cut off");
        }
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int size = content.size();
        if (size < 0x80) {
            all.write(size);
        } else if (size < 0x100) {
            all.write(0x81); // one byte of length follows
            all.write(size);
        } else {
            all.write(0x82); // two bytes; keys have less than 64 KiB
            all.write(size >>> 8);
            all.write(size);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }
}
