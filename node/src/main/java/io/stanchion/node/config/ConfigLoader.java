package io.stanchion.node.config;

import io.stanchion.node.files.Reasons;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a node's configuration from its command line: defaults, then the file, then the flags. Nothing else reads files or environment. */
public final class ConfigLoader {
    private final Function<String, @Nullable String> environment;
    private final Program program;

    /** What the command line asks for. */
    public sealed interface Order {}

    /** Start a node. */
    public record Run(NodeConfig config) implements Order {}

    /**
     * The configuration is in order; show it.
     *
     * @param files that were read
     */
    public record ShowConfig(NodeConfig config, List<String> files) implements Order {}

    /** Tell a running server something. */
    public record SendSignal(String text) implements Order {}

    public record ShowVersion() implements Order {}

    public record ShowHelp(String text) implements Order {}

    public ConfigLoader(Program program) {
        this(program, System::getenv);
    }

    public ConfigLoader(Program program, Function<String, @Nullable String> environment) {
        this.environment = environment;
        this.program = program;
    }

    public Order load(String... arguments) throws InvalidConfigException {
        CommandLine line = CommandLine.parse(List.of(arguments));
        return switch (line.request()) {
            case HELP -> new ShowHelp(Flags.help(program));
            case VERSION -> new ShowVersion();
            case SIGNAL -> new SendSignal(line.signal());
            case TEST_CONFIG -> new ShowConfig(load(line), line.files());
            case RUN -> new Run(load(line));
        };
    }

    private NodeConfig load(CommandLine line) throws InvalidConfigException {
        Problems problems = new Problems();
        Values values = new Values();
        String nats = line.configFile();
        String streaming = line.streamingFile();
        if (nats != null) {
            boolean hasOther = streaming != null && !streaming.equals(nats);
            readFile(nats, hasOther ? FilePart.NATS : FilePart.BOTH, values, problems);
        }
        if (streaming != null && !streaming.equals(nats)) {
            readFile(streaming, nats == null ? FilePart.BOTH : FilePart.STREAMING, values, problems);
        }
        line.applyTo(values, problems);
        EncryptionSettings encryption = new EncryptionSettings(values, environment);
        encryption.settle(problems);
        if (problems.isEmpty()) {
            Modes modes = new Modes(values, problems, program);
            modes.addDefaults();
            modes.check();
            new Consistency(values, problems).check();
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems.lines());
        }
        return new NodeConfigBuilder(values, encryption.config(), problems.warnings()).build();
    }

    private void readFile(String name, FilePart part, Values values, Problems problems) {
        try {
            Path file = Path.of(name);
            ConfigParser parser = new ConfigParser(Files::readString, environment);
            new SectionReader(values, problems).readFile(parser.parse(file, Files.readString(file)), part);
        } catch (ConfigSyntaxException e) {
            problems.add(e.place(), String.valueOf(e.getMessage()));
        } catch (MalformedInputException e) {
            problems.add(name + ": this is no text in UTF-8");
        } catch (IOException e) {
            problems.add(name + ": cannot read the configuration file: " + Reasons.of(e));
        } catch (InvalidPathException e) {
            problems.add(name + ": this cannot be the name of a file");
        }
    }
}
