package io.stanchion.node.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code $NAME} stands for: an earlier key of this block or of one around it, else the environment, read as configuration. */
final class Variables {
    private final Function<String, @Nullable String> environment;
    private final Deque<ConfigMap> scopes = new ArrayDeque<>();
    private final Deque<String> beingRead = new ArrayDeque<>();

    Variables(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    void enter(ConfigMap block) {
        scopes.push(block);
    }

    void leave() {
        scopes.pop();
    }

    ConfigValue valueOf(Place place, String name, ConfigParser parser) throws ConfigSyntaxException {
        for (ConfigMap scope : scopes) {
            ConfigValue value = scope.asVariable(name);
            if (value != null) {
                return value.at(place);
            }
        }
        String text = environment.apply(name);
        if (text == null) {
            throw new ConfigSyntaxException(
                    place,
                    "$" + name + " is neither an earlier key nor an environment variable; define it, or quote it");
        }
        if (beingRead.contains(name)) {
            throw new ConfigSyntaxException(place, "$" + name + " refers to itself; give it a value");
        }
        beingRead.push(name);
        try {
            return parser.readWhole(new Cursor("$" + name, text)).at(place);
        } catch (ConfigSyntaxException e) {
            throw new ConfigSyntaxException(
                    place, "the environment variable " + name + " has no usable value: " + e.getMessage());
        } finally {
            beingRead.pop();
        }
    }
}
