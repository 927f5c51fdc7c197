package io.stanchion.gateway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The operations that a client may send. */
enum Verb {
    PUB(true),
    HPUB(true),
    SUB(true),
    UNSUB(true),
    PING(false),
    PONG(false),
    CONNECT(false),
    INFO(false),
    OK("+OK", false),
    ERR("-ERR", true);

    private static final Verb[] ALL = values();
    /** Clears the bit in which the cases of a letter differ. No other byte than its two cases turns into an upper-case letter. */
    private static final int UPPER = 0xDF;

    private static final int PUB_WORD = word("PUB\0");
    private static final int SUB_WORD = word("SUB\0");
    private static final int HPUB_WORD = word("HPUB");
    private static final int PING_WORD = word("PING");
    private static final int PONG_WORD = word("PONG");

    private final String letters;
    private final boolean needsBlank;

    Verb(boolean needsBlank) {
        this.letters = name();
        this.needsBlank = needsBlank;
    }

    Verb(String letters, boolean needsBlank) {
        this.letters = letters;
        this.needsBlank = needsBlank;
    }

    int length() {
        return letters.length();
    }

    /** Whether a blank must follow before anything else does. */
    boolean needsBlank() {
        return needsBlank;
    }

    /** Whether the rest of the line has no meaning, and no limit. */
    boolean ignoresRest() {
        return this == PING || this == PONG || this == OK;
    }

    /** The verb at {@code start}, whatever follows it; null if there is none, or not all of it yet. */
    static @Nullable Verb at(ByteBuf in, int start, int available) {
        if (available >= Integer.BYTES) {
            int word = in.getInt(start) & 0xDFDFDFDF;
            if ((word & 0xFFFFFF00) == PUB_WORD) {
                return PUB;
            }
            if ((word & 0xFFFFFF00) == SUB_WORD) {
                return SUB;
            }
            if (word == HPUB_WORD) {
                return HPUB;
            }
            if (word == PING_WORD) {
                return PING;
            }
            if (word == PONG_WORD) {
                return PONG;
            }
        }
        for (Verb verb : ALL) {
            if (available >= verb.letters.length() && verb.matches(in, start, verb.letters.length())) {
                return verb;
            }
        }
        return null;
    }

    /** Whether these first bytes may still become a verb. */
    static boolean mayBegin(ByteBuf in, int start, int available) {
        for (Verb verb : ALL) {
            if (available < verb.letters.length() && verb.matches(in, start, available)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(ByteBuf in, int start, int count) {
        for (int i = 0; i < count; i++) {
            char letter = letters.charAt(i);
            int given = in.getByte(start + i);
            if ((letter >= 'A' ? given & UPPER : given) != letter) {
                return false;
            }
        }
        return true;
    }

    private static int word(String letters) {
        return letters.charAt(0) << 24 | letters.charAt(1) << 16 | letters.charAt(2) << 8 | letters.charAt(3);
    }
}
