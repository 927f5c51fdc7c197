package io.stanchion.gateway.core;

/** The rules of matching, written as directly as they can be: what the trie is compared with. */
final class NaiveRouter {
    private NaiveRouter() {}

    static boolean matches(String pattern, String subject) {
        String[] wanted = pattern.split("\\.", -1);
        String[] given = subject.split("\\.", -1);
        for (String token : given) {
            if (token.isEmpty()) {
                return false;
            }
        }
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals(">")) {
                return given.length > i;
            }
            if (i >= given.length || !(wanted[i].equals("*") || wanted[i].equals(given[i]))) {
                return false;
            }
        }
        return wanted.length == given.length;
    }
}
