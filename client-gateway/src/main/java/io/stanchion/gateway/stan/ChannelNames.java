package io.stanchion.gateway.stan;

/** What may be a channel's name. NATS itself narrows further what can be published. */
final class ChannelNames {
    /** Also of other names that travel with each message: they must not outweigh it. */
    static final int LENGTH_MAX = 1024;

    private ChannelNames() {}

    static boolean isValid(String name) {
        if (name.isEmpty() || name.length() > LENGTH_MAX || name.charAt(name.length() - 1) == '.') {
            return false;
        }
        char before = '.'; // so that a dot at the beginning counts as a second one
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/' || c == '*' || c == '>' || (c == '.' && before == '.')) {
                return false;
            }
            before = c;
        }
        return true;
    }
}
