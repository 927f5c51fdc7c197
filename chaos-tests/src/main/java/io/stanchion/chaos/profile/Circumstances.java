package io.stanchion.chaos.profile;

import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.MachineCommand;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** When, where and of what a report was written: numbers without it say little. */
final class Circumstances {
    private Circumstances() {}

    static String inWords() {
        return "Written on " + LocalDate.now(ZoneOffset.UTC) + commit() + ": "
                + Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch") + ", Java "
                + System.getProperty("java.version") + ".";
    }

    /** Nothing outside of a checkout. */
    private static String commit() {
        try {
            return " at commit "
                    + MachineCommand.run("git", "rev-parse", "--short", "HEAD").strip();
        } catch (ClusterException e) {
            return "";
        }
    }
}
