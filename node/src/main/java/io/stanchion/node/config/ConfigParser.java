package io.stanchion.node.config;

import io.stanchion.node.config.ConfigMap.Entry;
import io.stanchion.node.config.ConfigValue.Block;
import io.stanchion.node.config.ConfigValue.Decimal;
import io.stanchion.node.config.ConfigValue.Listing;
import io.stanchion.node.config.ConfigValue.Text;
import io.stanchion.node.config.ConfigValue.Whole;
import io.stanchion.node.files.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the NATS configuration syntax (protocol specification 7.1). Every value keeps its place, for messages. */
final class ConfigParser {
    private static final int INCLUDE_DEPTH_MAX = 32;
    private static final int DEPTH_MAX = 100;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final String UNIT_ADVICE = "put a comma between two entries, and a unit right behind a whole number"
            + " (of a duration: " + GoDuration.NAMES_OF_UNITS + "; of a size: " + Sizes.UNITS + ")";

    private final Files files;
    private final Variables variables;
    private int includeDepth;
    private int depth;

    /** How the parser gets at files that are included. */
    @FunctionalInterface
    interface Files {
        String read(Path file) throws IOException;
    }

    ConfigParser(Files files, Function<String, @Nullable String> environment) {
        this.files = files;
        this.variables = new Variables(environment);
    }

    ConfigMap parse(Path file, String text) throws ConfigSyntaxException {
        ConfigMap top = new ConfigMap();
        variables.enter(top);
        readFile(file, text, top);
        variables.leave();
        return top;
    }

    private void readFile(Path file, String text, ConfigMap into) throws ConfigSyntaxException {
        // Some editors begin every file with one.
        Cursor in = new Cursor(file.toString(), text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        in.skipSpace();
        if (in.peek() != '{') {
            readEntries(in, file, into, Cursor.END);
            return;
        }
        in.next(); // the whole file in braces, as in JSON
        readEntries(in, file, into, '}');
        in.next();
        in.skipSpace();
        if (!in.atEnd()) {
            throw new ConfigSyntaxException(in.place(), "nothing may follow the closing } of the file");
        }
    }

    /** Reads up to the closing character, which stays. */
    private void readEntries(Cursor in, Path file, ConfigMap into, int closing) throws ConfigSyntaxException {
        Place opening = in.place();
        while (true) {
            in.skipSpace();
            if (in.peek() == closing) {
                return;
            }
            if (in.atEnd()) {
                throw new ConfigSyntaxException(opening, "this block has no closing }");
            }
            readEntry(in, file, into, closing);
        }
    }

    private void readEntry(Cursor in, Path file, ConfigMap into, int closing) throws ConfigSyntaxException {
        Place place = in.place();
        boolean quoted = Scalars.atQuote(in);
        String key = quoted ? Scalars.readQuoted(in) : readBareKey(in);
        String advice = "put a comma between two entries";
        if (!quoted && key.toLowerCase(Locale.ROOT).equals("include") && atIncludedFile(in)) {
            include(in, place, file, into);
        } else {
            boolean sameLine = skipSeparator(in) && closing == Cursor.END;
            if (sameLine) {
                in.skipBlanks();
            } else {
                in.skipSpace();
            }
            if (in.atEnd() || Cursor.isNewline(in.peek()) || in.peek() == closing) {
                throw new ConfigSyntaxException(place, key + " has no value; write one on the same line");
            }
            ConfigValue value = readValue(in, file);
            into.put(new Entry(key, place, value));
            boolean isNumber = value instanceof Whole || value instanceof Decimal;
            advice = isNumber ? UNIT_ADVICE : "quote the value, or put a comma between two entries";
        }
        endEntry(in, key, closing, advice);
    }

    private static String readBareKey(Cursor in) throws ConfigSyntaxException {
        Place place = in.place();
        int start = in.offset();
        for (int c = in.peek(); c != Cursor.END && !isKeyEnd(c); c = in.peek()) {
            in.next();
        }
        String key = in.textFrom(start);
        if (key.isEmpty() || "{}[](),;".indexOf(key.charAt(0)) >= 0) {
            throw new ConfigSyntaxException(place, "expected a key, found " + (char) in.peek());
        }
        if (key.endsWith("{")) {
            throw new ConfigSyntaxException(
                    place, "write a blank between " + key.substring(0, key.length() - 1) + " and {");
        }
        return key;
    }

    private static boolean isKeyEnd(int c) {
        return Cursor.isBlank(c) || Cursor.isNewline(c) || c == '=' || c == ':';
    }

    /** Returns whether there was one. */
    private static boolean skipSeparator(Cursor in) {
        in.skipBlanks();
        if (in.peek() == '=' || in.peek() == ':') {
            in.next();
            return true;
        }
        return false;
    }

    private static void endEntry(Cursor in, String key, int closing, String advice) throws ConfigSyntaxException {
        in.skipBlanks();
        int c = in.peek();
        if (c == ',' || c == ';') {
            in.next();
        } else if (!in.atEnd() && c != closing && !Cursor.isNewline(c) && !in.atComment()) {
            throw new ConfigSyntaxException(
                    in.place(),
                    "expected the end of the line after the value of " + key + ", found " + (char) c + "; " + advice);
        }
    }

    // Includes

    private static boolean atIncludedFile(Cursor in) {
        in.skipBlanks();
        return in.peek() != '=' && in.peek() != ':' && in.peek() != '{' && !Cursor.isNewline(in.peek()) && !in.atEnd();
    }

    /** The path is joined to the folder of the including file, even if it looks absolute. */
    private void include(Cursor in, Place place, Path file, ConfigMap into) throws ConfigSyntaxException {
        String name = Scalars.atQuote(in) ? Scalars.readQuoted(in) : Scalars.readBare(in);
        Path parent = file.toAbsolutePath().getParent();
        Path included = Path.of(parent + "/" + name).normalize();
        if (++includeDepth > INCLUDE_DEPTH_MAX) {
            throw new ConfigSyntaxException(place, "files include each other without end");
        }
        String text;
        try {
            text = files.read(included);
        } catch (IOException e) {
            throw new ConfigSyntaxException(place, "cannot read the included file " + included + ": " + Reasons.of(e));
        }
        readFile(included, text, into);
        includeDepth--;
    }

    // Values

    /** A value that is all of its text, as in an environment variable. */
    ConfigValue readWhole(Cursor in) throws ConfigSyntaxException {
        in.skipSpace();
        if (in.atEnd()) {
            throw new ConfigSyntaxException(in.place(), "it is empty");
        }
        ConfigValue value = readValue(in, Path.of(""));
        in.skipSpace();
        if (!in.atEnd()) {
            throw new ConfigSyntaxException(in.place(), "there is more than one value");
        }
        return value;
    }

    private ConfigValue readValue(Cursor in, Path file) throws ConfigSyntaxException {
        Place place = in.place();
        if (++depth > DEPTH_MAX) {
            throw new ConfigSyntaxException(place, "more than " + DEPTH_MAX + " blocks and lists inside each other");
        }
        ConfigValue value = readValueAt(place, in, file);
        depth--;
        return value;
    }

    private ConfigValue readValueAt(Place place, Cursor in, Path file) throws ConfigSyntaxException {
        return switch (in.peek()) {
            case '{' -> readBlock(in, file, place);
            case '[' -> readListing(in, file, place);
            case '"', '\'' -> new Text(place, Scalars.readQuoted(in));
            case '(' -> new Text(place, Scalars.readRawBlock(in));
            default -> readBare(in, place);
        };
    }

    private ConfigValue readBare(Cursor in, Place place) throws ConfigSyntaxException {
        String word = Scalars.readBare(in);
        if (word.startsWith("$") && word.length() > 1) {
            return Scalars.isPasswordHash(word)
                    ? new Text(place, word)
                    : variables.valueOf(place, word.substring(1), this);
        }
        return BareWord.read(place, word);
    }

    private ConfigValue readBlock(Cursor in, Path file, Place place) throws ConfigSyntaxException {
        in.next();
        ConfigMap map = new ConfigMap();
        variables.enter(map);
        readEntries(in, file, map, '}');
        variables.leave();
        in.next();
        return new Block(place, map);
    }

    private ConfigValue readListing(Cursor in, Path file, Place place) throws ConfigSyntaxException {
        in.next();
        List<ConfigValue> elements = new ArrayList<>();
        in.skipSpace();
        while (in.peek() != ']') {
            if (in.atEnd()) {
                throw new ConfigSyntaxException(place, "this list has no closing ]");
            }
            elements.add(readValue(in, file));
            endElement(in, place);
        }
        in.next();
        return new Listing(place, List.copyOf(elements));
    }

    /** Elements are parted by a comma or a line end; a blank is not enough. */
    private static void endElement(Cursor in, Place listing) throws ConfigSyntaxException {
        boolean parted = in.skipSpace();
        if (in.peek() == ',') {
            in.next();
            in.skipSpace();
        } else if (in.peek() != ']' && !parted) {
            throw in.atEnd()
                    ? new ConfigSyntaxException(listing, "this list has no closing ]")
                    : new ConfigSyntaxException(in.place(), "put a comma between the elements of a list");
        }
    }
}
