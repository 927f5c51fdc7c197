package io.stanchion.chaos.checker;

import java.util.List;

/** Knows one promise of the server, and finds where it was broken. Stateless. */
public interface Checker {
    /** As it stands in a report: "lost-messages". */
    String name();

    List<Finding> check(Trial trial);
}
