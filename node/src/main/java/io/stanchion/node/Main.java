package io.stanchion.node;

import io.stanchion.node.config.ConfigLoader;
import io.stanchion.node.config.InvalidConfigException;
import io.stanchion.node.config.Program;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** The executable: reads its command line, runs a node until it is told to stop, and ends with a status that says how it went. */
public final class Main {
    static final String VERSION = "0.1.0";

    private static final String VERSIONS = "nats-streaming-server version " + VERSION + ", nats-server: v2.10.29";
    private static final int STATUS_REFUSED = 1;

    /** Set by the launcher to the name that it was called by. */
    private static final String NAME_PROPERTY = "stanchion.program";

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        Program program = Program.of(System.getProperty(NAME_PROPERTY, ""));
        try {
            obey(new ConfigLoader(program).load(arguments), program, arguments);
        } catch (InvalidConfigException e) {
            refuse(program, e.problems());
        } catch (IOException e) {
            refuse(program, List.of(String.valueOf(e.getMessage())));
        }
    }

    private static void obey(ConfigLoader.Order order, Program program, String... arguments)
            throws IOException, InterruptedException {
        if (order instanceof ConfigLoader.Run run) {
            NodeProcess.ConfigSource again = () -> {
                ConfigLoader.Order next = new ConfigLoader(program).load(arguments);
                return next instanceof ConfigLoader.Run loaded ? loaded.config() : run.config();
            };
            Runtime.getRuntime().halt(new NodeProcess(program, run.config(), again).run());
        } else if (order instanceof ConfigLoader.SendSignal signal) {
            send(signal.text());
        } else if (order instanceof ConfigLoader.ShowConfig shown) {
            show(shown, program);
        } else if (order instanceof ConfigLoader.ShowHelp help) {
            terminal().print(help.text());
        } else {
            terminal().println(VERSIONS);
        }
    }

    private static void send(String signal) throws InterruptedException {
        try {
            SignalSender.send(signal);
        } catch (IOException e) {
            errors().println(e.getMessage()); // nothing has failed to start, so that is all to be said
            System.exit(STATUS_REFUSED);
        }
    }

    private static void show(ConfigLoader.ShowConfig shown, Program program) {
        shown.config().report().warnings().forEach(errors()::println);
        for (String file : shown.files()) {
            errors().println(program.executable() + ": configuration file " + file + " is valid");
        }
        if (program == Program.STANCHION) {
            shown.config().report().effective().forEach(terminal()::println);
        }
    }

    /** Scripts around the reference look for its words; a person at a terminal wants no more than the reasons. */
    private static void refuse(Program program, List<String> problems) {
        if (program == Program.REFERENCE) {
            NodeProcess.tellFailure(problems);
        } else {
            problems.forEach(errors()::println);
        }
        System.exit(STATUS_REFUSED);
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
