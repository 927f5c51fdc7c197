package io.stanchion.node.config;

/** What values a setting takes, and how they are written in a file and on the command line. */
interface Kind<T> {
    T read(ConfigValue value) throws MisfitException;

    /** From the command line, where all is text. */
    T parse(String text) throws MisfitException;

    /** As it would be written in a file. */
    String show(T value);

    /** What the reference calls such a value when it finds another. */
    default String referenceName() {
        return "string";
    }

    /** Whether this can be a value of this kind at all, right or wrong. */
    default boolean isPossible(ConfigValue value) {
        return referenceName().equals(value.referenceName());
    }
}
