package io.stanchion.node.config;

import io.stanchion.node.config.ConfigValue.Text;
import io.stanchion.node.config.ConfigValue.Whole;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A limit of {@code store_limits}: below 0 it is refused, in the reference's words.
 *
 * @param what is limited, in these words
 * @param isTime durations have negative numbers of their own
 */
record LimitKind<T>(Kind<T> kind, String what, boolean isTime) implements Kind<T> {
    static LimitKind<Integer> count(String what) {
        return new LimitKind<>(Kinds.count(0, Integer.MAX_VALUE), what, false);
    }

    static LimitKind<Long> messages(String what) {
        return new LimitKind<>(Kinds.countLong(), what, false);
    }

    static LimitKind<Long> size(String what) {
        return new LimitKind<>(Kinds.size(0, Long.MAX_VALUE), what, false);
    }

    static LimitKind<Duration> duration(String what) {
        return new LimitKind<>(Kinds.duration(Duration.ZERO), what, true);
    }

    @Override
    public T read(ConfigValue value) throws MisfitException {
        if (isNegative(value)) {
            throw new MisfitException(what + " limit cannot be negative (" + print(value) + ")");
        }
        return kind.read(value);
    }

    @Override
    public boolean isPossible(ConfigValue value) {
        return kind.isPossible(value);
    }

    @Override
    public T parse(String text) throws MisfitException {
        ConfigValue value = asValue(text);
        return isNegative(value) ? read(value) : kind.parse(text);
    }

    private ConfigValue asValue(String text) {
        Place flag = Place.nowhere("");
        try {
            return isTime ? new Text(flag, text) : BareWord.read(flag, text);
        } catch (ConfigSyntaxException e) {
            return new Text(flag, text); // whatever it is, it is no number below 0
        }
    }

    boolean isNegative(ConfigValue value) {
        return (value instanceof Whole whole && whole.number() < 0)
                || (isTime && value instanceof Text text && nanos(text).orElse(0) < 0);
    }

    private static OptionalLong nanos(Text text) {
        return GoDuration.parseNanos(text.text());
    }

    private String print(ConfigValue value) {
        if (value instanceof Whole whole) {
            long number = whole.number();
            boolean fits = isTime && number > -Long.MAX_VALUE / 1_000_000_000L;
            return fits ? GoDuration.print(Duration.ofSeconds(number)) : Long.toString(number);
        }
        return value instanceof Text text
                ? GoDuration.print(Duration.ofNanos(nanos(text).orElse(0)))
                : value.describe();
    }

    @Override
    public String referenceName() {
        return kind.referenceName();
    }

    @Override
    public String show(T value) {
        return kind.show(value);
    }
}
