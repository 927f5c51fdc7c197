package io.stanchion.node.config;

/** Numbers with units, as people write them. */
final class Sizes {
    static final String UNITS = "k, m, g, t (times 1000) and kb, mb, gb, tb (times 1024)";

    private static final String[] NAMES = {"TB", "GB", "MB", "KB"};
    private static final int SHIFT = 10;
    /** 1000000KB says less than 1024000000. */
    private static final int READABLE = 100_000;

    private Sizes() {}

    static String print(long bytes) {
        int shift = NAMES.length * SHIFT;
        for (String name : NAMES) {
            if (bytes != 0 && bytes % (1L << shift) == 0 && bytes >> shift < READABLE) {
                return (bytes >> shift) + name;
            }
            shift -= SHIFT;
        }
        return Long.toString(bytes);
    }

    /** What stands behind the digits; empty if that isn't all there is. */
    static String unitOf(String text) {
        int digits = 0;
        while (digits < text.length() && Cursor.isDigit(text.charAt(digits))) {
            digits++;
        }
        String unit = text.substring(digits);
        return digits > 0 && unit.chars().allMatch(Character::isLetter) ? unit : "";
    }
}
