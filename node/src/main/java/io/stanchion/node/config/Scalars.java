package io.stanchion.node.config;

/** Reads the pieces of text of the configuration syntax. */
final class Scalars {
    private static final int HEX = 16;

    private Scalars() {}

    static boolean atQuote(Cursor in) {
        return in.peek() == '"' || in.peek() == '\'';
    }

    /** Double quotes know escapes, single ones take everything as it is. */
    static String readQuoted(Cursor in) throws ConfigSyntaxException {
        Place opening = in.place();
        int quote = in.next();
        StringBuilder text = new StringBuilder();
        while (in.peek() != quote) {
            if (in.atEnd()) {
                throw new ConfigSyntaxException(opening, "this quote is never closed");
            }
            Place place = in.place();
            int c = in.next();
            text.append(c == '\\' && quote == '"' ? readEscape(in, place) : (char) c);
        }
        in.next();
        return text.toString();
    }

    private static char readEscape(Cursor in, Place place) throws ConfigSyntaxException {
        int c = in.next();
        return switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case '"' -> '"';
            case '\\' -> '\\';
            case 'x' -> readHex(in, place);
            default ->
                throw new ConfigSyntaxException(
                        place,
                        "unknown escape \\" + (c == Cursor.END ? "" : Character.toString(c))
                                + "; known are \\t \\n \\r \\\" \\\\ \\xHH");
        };
    }

    private static char readHex(Cursor in, Place place) throws ConfigSyntaxException {
        int high = Character.digit(in.next(), HEX);
        int low = Character.digit(in.next(), HEX);
        if (high < 0 || low < 0) {
            throw new ConfigSyntaxException(place, "\\x must be followed by two hexadecimal digits");
        }
        return (char) (high * HEX + low);
    }

    /** Up to a blank, a line end, or one of {@code , ; ] }}. */
    static String readBare(Cursor in) throws ConfigSyntaxException {
        Place place = in.place();
        int start = in.offset();
        while (!isBareEnd(in.peek())) {
            in.next();
        }
        String word = in.textFrom(start);
        if (word.isEmpty()) {
            throw new ConfigSyntaxException(
                    place, in.atEnd() ? "expected a value" : "expected a value, found " + (char) in.peek());
        }
        return word;
    }

    private static boolean isBareEnd(int c) {
        return c == Cursor.END || Cursor.isBlank(c) || Cursor.isNewline(c) || ",;]}".indexOf(c) >= 0;
    }

    /** {@code (}, lines as they are, and {@code )} alone on its line. */
    static String readRawBlock(Cursor in) throws ConfigSyntaxException {
        Place opening = in.place();
        in.next();
        in.skipBlanks();
        if (!Cursor.isNewline(in.peek())) {
            throw new ConfigSyntaxException(opening, "text in parentheses begins on the next line");
        }
        skipLineEnd(in);
        StringBuilder text = new StringBuilder();
        while (!in.atEnd()) {
            int start = in.offset();
            in.skipLine();
            String line = in.textFrom(start);
            if (line.strip().equals(")")) {
                return text.toString();
            }
            text.append(text.isEmpty() ? "" : "\n").append(line);
            skipLineEnd(in);
        }
        throw new ConfigSyntaxException(opening, "this parenthesis is never closed by a ) alone on its line");
    }

    private static void skipLineEnd(Cursor in) {
        if (in.peek() == '\r') {
            in.next();
        }
        if (in.peek() == '\n') {
            in.next();
        }
    }

    /** A bcrypt hash begins with a dollar sign too. */
    static boolean isPasswordHash(String word) {
        return word.startsWith("$2a$") || word.startsWith("$2b$") || word.startsWith("$2x$") || word.startsWith("$2y$");
    }
}
