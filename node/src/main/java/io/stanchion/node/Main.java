package io.stanchion.node;

import io.stanchion.node.config.ConfigLoader;
import io.stanchion.node.config.InvalidConfigException;
import java.io.PrintStream;

/** The executable: reads its command line, runs a node until it is told to stop, and ends with a status that says how it went. */
public final class Main {
    static final String VERSION = "0.1.0";

    private static final String VERSIONS = "nats-streaming-server version " + VERSION + ", nats-server: v2.10.29";
    private static final int STATUS_REFUSED = 1;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            ConfigLoader.Order order = new ConfigLoader().load(arguments);
            if (order instanceof ConfigLoader.Run run) {
                Runtime.getRuntime().halt(new NodeProcess(run.config()).run());
            }
            terminal().println(answer(order));
        } catch (InvalidConfigException e) {
            e.problems().forEach(errors()::println);
            System.exit(STATUS_REFUSED);
        }
    }

    private static String answer(ConfigLoader.Order order) {
        if (order instanceof ConfigLoader.ShowHelp help) {
            return help.text();
        }
        if (order instanceof ConfigLoader.ShowConfig shown) {
            return String.join(System.lineSeparator(), shown.config().effective());
        }
        return VERSIONS;
    }

    @SuppressWarnings("SystemOut") // what was asked for on the command line is answered there
    private static PrintStream terminal() {
        return System.out;
    }

    @SuppressWarnings("SystemOut") // there is no logger before there is a configuration
    private static PrintStream errors() {
        return System.err;
    }
}
