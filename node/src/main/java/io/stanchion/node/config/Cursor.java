package io.stanchion.node.config;

/** A position in a text that moves forward only, and knows its line and column. */
final class Cursor {
    static final int END = -1;

    private final String file;
    private final String text;
    private int offset;
    private int line = 1;
    private int column = 1;

    Cursor(String file, String text) {
        this.file = file;
        this.text = text;
    }

    int peek() {
        return peek(0);
    }

    int peek(int ahead) {
        return offset + ahead < text.length() ? text.charAt(offset + ahead) : END;
    }

    int next() {
        int c = peek();
        if (c == END) {
            return c;
        }
        offset++;
        if (c == '\n') {
            line++;
            column = 1;
        } else {
            column++;
        }
        return c;
    }

    boolean atEnd() {
        return peek() == END;
    }

    Place place() {
        return new Place(file, line, column);
    }

    int offset() {
        return offset;
    }

    String textFrom(int start) {
        return text.substring(start, offset);
    }

    static boolean isNewline(int c) {
        return c == '\n' || c == '\r';
    }

    static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    void skipBlanks() {
        while (isBlank(peek())) {
            next();
        }
    }

    void skipLine() {
        while (!atEnd() && !isNewline(peek())) {
            next();
        }
    }

    boolean atComment() {
        return peek() == '#' || (peek() == '/' && peek(1) == '/');
    }

    /** Skips blanks, line ends and comments. Returns whether there was a line end among them. */
    boolean skipSpace() {
        boolean lineEnd = false;
        while (true) {
            int c = peek();
            if (isNewline(c)) {
                lineEnd = true;
                next();
            } else if (isBlank(c)) {
                next();
            } else if (atComment()) {
                skipLine();
            } else {
                return lineEnd;
            }
        }
    }
}
