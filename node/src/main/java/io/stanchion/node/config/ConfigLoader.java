package io.stanchion.node.config;

import io.stanchion.node.config.CommandLine.Request;
import io.stanchion.node.config.Setting.Section;
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

    /** What the command line asks for. */
    public sealed interface Order {}

    /** Start a node. */
    public record Run(NodeConfig config) implements Order {}

    /** The configuration is in order; show it. */
    public record ShowConfig(NodeConfig config) implements Order {}

    public record ShowVersion() implements Order {}

    public record ShowHelp(String text) implements Order {}

    public ConfigLoader() {
        this(System::getenv);
    }

    public ConfigLoader(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    public Order load(String... arguments) throws InvalidConfigException {
        CommandLine line = CommandLine.parse(List.of(arguments));
        if (line.request() == Request.HELP) {
            return new ShowHelp(Flags.help());
        } else if (line.request() == Request.VERSION) {
            return new ShowVersion();
        }
        NodeConfig config = load(line);
        return line.request() == Request.TEST_CONFIG ? new ShowConfig(config) : new Run(config);
    }

    private NodeConfig load(CommandLine line) throws InvalidConfigException {
        Problems problems = new Problems();
        Values values = new Values();
        String file = line.configFile();
        if (file != null) {
            readFile(file, values, problems);
        }
        line.applyTo(values, problems);
        EncryptionSettings encryption = new EncryptionSettings(values, environment);
        encryption.settle(problems);
        if (problems.isEmpty()) {
            new Consistency(values, problems).check();
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems.lines());
        }
        return new NodeConfigBuilder(values, encryption.config()).build();
    }

    private void readFile(String name, Values values, Problems problems) {
        try {
            Path file = Path.of(name);
            ConfigParser parser = new ConfigParser(Files::readString, environment);
            new SectionReader(values, problems).read(Section.TOP, parser.parse(file, Files.readString(file)));
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
