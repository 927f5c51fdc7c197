package io.stanchion.node.config;

import java.time.Instant;
import java.util.List;

/** A value of a configuration file, with the place where it begins. */
sealed interface ConfigValue {
    Place place();

    /** For a message: the value as text, and what it is. */
    String describe();

    /** The same value, written elsewhere. */
    ConfigValue at(Place other);

    /** What the reference calls such a value. */
    default String referenceName() {
        if (this instanceof Whole) {
            return "int64";
        } else if (this instanceof Decimal) {
            return "float64";
        } else if (this instanceof Bool) {
            return "bool";
        } else if (this instanceof Listing) {
            return "slice";
        }
        return this instanceof Block ? "map" : "string";
    }

    record Text(Place place, String text) implements ConfigValue {
        @Override
        public String describe() {
            return '"' + text + "\" (text)";
        }

        @Override
        public ConfigValue at(Place other) {
            return new Text(other, text);
        }
    }

    record Whole(Place place, long number) implements ConfigValue {
        @Override
        public String describe() {
            return number + " (a number)";
        }

        @Override
        public ConfigValue at(Place other) {
            return new Whole(other, number);
        }
    }

    record Decimal(Place place, double number) implements ConfigValue {
        @Override
        public String describe() {
            return number + " (a number with a fraction)";
        }

        @Override
        public ConfigValue at(Place other) {
            return new Decimal(other, number);
        }
    }

    record Bool(Place place, boolean isTrue) implements ConfigValue {
        @Override
        public String describe() {
            return isTrue + " (a boolean)";
        }

        @Override
        public ConfigValue at(Place other) {
            return new Bool(other, isTrue);
        }
    }

    record Time(Place place, Instant instant) implements ConfigValue {
        @Override
        public String describe() {
            return instant + " (a date)";
        }

        @Override
        public ConfigValue at(Place other) {
            return new Time(other, instant);
        }
    }

    record Listing(Place place, List<ConfigValue> elements) implements ConfigValue {
        @Override
        public String describe() {
            return "a list";
        }

        @Override
        public ConfigValue at(Place other) {
            return new Listing(other, elements);
        }
    }

    record Block(Place place, ConfigMap map) implements ConfigValue {
        @Override
        public String describe() {
            return "a block in { }";
        }

        @Override
        public ConfigValue at(Place other) {
            return new Block(other, map);
        }
    }
}
