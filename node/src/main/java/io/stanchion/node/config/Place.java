package io.stanchion.node.config;

/**
 * Where something stands that an operator wrote.
 *
 * @param line from 1; 0 for what is not in a file
 * @param column from 1
 */
record Place(String file, int line, int column) {
    static Place flag(String name) {
        return new Place("-" + name, 0, 0);
    }

    static Place nowhere(String what) {
        return new Place(what, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
