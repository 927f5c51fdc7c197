package io.stanchion.node.config;

import io.stanchion.gateway.external.ExternalNatsConfig;
import io.stanchion.node.config.ConfigValue.Bool;
import io.stanchion.node.config.ConfigValue.Text;
import io.stanchion.node.config.ConfigValue.Whole;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The kinds of values that settings take. */
final class Kinds {
    static final Kind<String> TEXT = new TextKind();
    static final Kind<String> SECRET = new SecretKind();
    static final Kind<String> NATS_URLS = new NatsUrlsKind();
    static final Kind<String> NAME = new NameKind();
    static final Kind<String> CLUSTER_NAME = new ClusterNameKind();
    static final Kind<String> STORE = new StoreKind();
    static final Kind<Boolean> BOOL = new BoolKind();
    static final Kind<HostPort> HOST_PORT = new HostPortKind();
    static final Kind<Integer> PORT = new IntKind(-1, 65_535, "a port from -1 (any free one) to 65535");
    static final Kind<Integer> PEER_PORT = new IntKind(1, 65_535, "a port from 1 to 65535");

    static final Kind<Long> NUMBER = new LongKind(Long.MIN_VALUE, Long.MAX_VALUE, "a number");
    static final Kind<Long> SIZE = new LongKind(Long.MIN_VALUE, Long.MAX_VALUE, "a size");
    static final Kind<Duration> TIME = new DurationKind(Duration.ofNanos(Long.MIN_VALUE));
    static final Kind<Object> ANYTHING = new AnyKind();

    private Kinds() {}

    static Kind<Integer> count(int min, int max) {
        return new IntKind(min, max, "a number from " + min + (max == Integer.MAX_VALUE ? " up" : " to " + max));
    }

    static Kind<Long> countLong() {
        return new LongKind(0, Long.MAX_VALUE, "a number from 0 (no limit) up");
    }

    static Kind<Long> size(long min, long max) {
        return new LongKind(
                min,
                max,
                "a size from " + Sizes.print(min) + (max == Long.MAX_VALUE ? " up" : " to " + Sizes.print(max)));
    }

    static Kind<Duration> duration(Duration min) {
        return new DurationKind(min);
    }

    private static MisfitException misfit(String wanted, String found) {
        return new MisfitException("must be " + wanted + ", not " + found);
    }

    private static class TextKind implements Kind<String> {
        @Override
        public String read(ConfigValue value) throws MisfitException {
            if (value instanceof Text text) {
                return parse(text.text());
            }
            throw misfit("text", value.describe() + "; put it in quotes");
        }

        @Override
        public String parse(String text) throws MisfitException {
            return text;
        }

        @Override
        public String show(String value) {
            return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    /** Text that is shown to nobody. */
    private static final class SecretKind extends TextKind {
        @Override
        public String show(String value) {
            return super.show(value.isEmpty() ? "" : "[hidden]");
        }
    }

    /** URLs with commas between them. */
    private static final class NatsUrlsKind extends TextKind {
        @Override
        public String parse(String text) throws MisfitException {
            if (!text.isEmpty() && ExternalSettings.urls(text).isEmpty()) {
                throw new MisfitException( // it may hold a password, so it is not shown
                        "must be URLs of NATS servers, like \"nats://10.0.0.1:4222,nats://10.0.0.2:4222\"");
            }
            return text;
        }

        @Override
        public String show(String value) {
            return super.show(ExternalSettings.urls(value).stream()
                    .map(ExternalNatsConfig::withoutLogin)
                    .collect(Collectors.joining(",")));
        }
    }

    /** Text that becomes a token of subjects, or of file names; empty if it is not set. */
    private static final class NameKind extends TextKind {
        @Override
        public String parse(String text) throws MisfitException {
            if (!text.isEmpty() && !isName(text)) {
                throw misfit("made of letters, digits, - and _", '"' + text + '"');
            }
            return text;
        }

        static boolean isName(String text) {
            return !text.isEmpty()
                    && text.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || "_-".indexOf(c) >= 0));
        }
    }

    /** Text that becomes one or more tokens of subjects, and a file name. */
    private static final class ClusterNameKind extends TextKind {
        @Override
        public String parse(String text) throws MisfitException {
            if (!Arrays.stream(text.split("\\.", -1)).allMatch(NameKind::isName)) {
                throw misfit("made of letters, digits, - and _, with single dots between them", '"' + text + '"');
            }
            return text;
        }
    }

    private static final class StoreKind extends TextKind {
        private static final String REMEDY = "; write FILE or MEMORY";

        @Override
        public String read(ConfigValue value) throws MisfitException {
            return known(TEXT.read(value), "unknown store type: ");
        }

        /** The flag and the key have texts of their own in the reference. */
        @Override
        public String parse(String text) throws MisfitException {
            return known(text.toUpperCase(Locale.ROOT), "unsupported store type: ");
        }

        private static String known(String text, String refusal) throws MisfitException {
            String type = text.toUpperCase(Locale.ROOT);
            return switch (type) {
                case "FILE", "MEMORY" -> type;
                case "SQL" ->
                    throw new MisfitException(
                            "SQL stores are not there; write FILE and a dir: each node has its own database");
                default -> throw new MisfitException(refusal + text + REMEDY);
            };
        }
    }

    /** Whatever stands there; for what is refused or without effect anyway. */
    private static final class AnyKind implements Kind<Object> {
        @Override
        public Object read(ConfigValue value) {
            return value instanceof Bool bool ? bool.isTrue() : value.describe();
        }

        @Override
        public Object parse(String text) {
            return text;
        }

        @Override
        public String show(Object value) {
            return value.toString();
        }
    }

    private static final class BoolKind implements Kind<Boolean> {
        @Override
        public String referenceName() {
            return "bool";
        }

        @Override
        public Boolean read(ConfigValue value) throws MisfitException {
            if (value instanceof Bool bool) {
                return bool.isTrue();
            }
            throw misfit("true or false (without quotes)", value.describe());
        }

        @Override
        public Boolean parse(String text) throws MisfitException {
            return switch (text) {
                case "1", "t", "T", "true", "TRUE", "True" -> true;
                case "0", "f", "F", "false", "FALSE", "False" -> false;
                default -> throw misfit("true or false", '"' + text + '"');
            };
        }

        @Override
        public String show(Boolean value) {
            return value.toString();
        }
    }

    private static final class HostPortKind implements Kind<HostPort> {
        @Override
        public boolean isPossible(ConfigValue value) {
            return value instanceof Whole || Kind.super.isPossible(value);
        }

        @Override
        public HostPort read(ConfigValue value) throws MisfitException {
            if (value instanceof Whole) {
                return new HostPort("", PORT.read(value));
            }
            return parse(TEXT.read(value));
        }

        @Override
        public HostPort parse(String text) throws MisfitException {
            return HostPort.parse(text).orElseThrow(() -> misfit("\"host:port\" or a port", '"' + text + '"'));
        }

        @Override
        public String show(HostPort value) {
            return TEXT.show(value.toString());
        }
    }

    private record IntKind(int min, int max, String wanted) implements Kind<Integer> {
        @Override
        public String referenceName() {
            return "int64";
        }

        @Override
        public Integer read(ConfigValue value) throws MisfitException {
            if (value instanceof Whole whole && whole.number() >= min && whole.number() <= max) {
                return (int) whole.number();
            }
            throw misfit(wanted, value.describe());
        }

        @Override
        public Integer parse(String text) throws MisfitException {
            return Math.toIntExact(new LongKind(min, max, wanted).parse(text));
        }

        @Override
        public String show(Integer value) {
            return value.toString();
        }
    }

    private record LongKind(long min, long max, String wanted) implements Kind<Long> {
        @Override
        public String referenceName() {
            return "int64";
        }

        @Override
        public Long read(ConfigValue value) throws MisfitException {
            if (value instanceof Whole whole && whole.number() >= min && whole.number() <= max) {
                return whole.number();
            }
            if (value instanceof Text text) {
                String unit = Sizes.unitOf(text.text());
                if (!unit.isEmpty()) {
                    throw misfit(wanted, text.text() + ": " + unit + " is no unit; units are " + Sizes.UNITS);
                }
            }
            throw misfit(wanted, value.describe());
        }

        @Override
        public Long parse(String text) throws MisfitException {
            try {
                return read(BareWord.read(Place.nowhere(""), text));
            } catch (ConfigSyntaxException e) {
                throw misfit(wanted, '"' + text + '"');
            }
        }

        @Override
        public String show(Long value) {
            return Sizes.print(value);
        }
    }

    private record DurationKind(Duration min) implements Kind<Duration> {
        private static final String WANTED = "a duration like \"30s\" or \"1m30s\"";

        @Override
        public boolean isPossible(ConfigValue value) {
            return value instanceof Whole || Kind.super.isPossible(value);
        }

        @Override
        public Duration read(ConfigValue value) throws MisfitException {
            if (value instanceof Whole seconds) {
                return checked(seconds(seconds), seconds.describe());
            }
            if (value instanceof Text text) {
                return parse(text.text());
            }
            throw misfit(WANTED, value.describe());
        }

        private static Duration seconds(Whole value) throws MisfitException {
            if (Math.abs(value.number()) > Long.MAX_VALUE / 1_000_000_000L) {
                throw misfit(WANTED, value.describe());
            }
            return Duration.ofSeconds(value.number());
        }

        @Override
        public Duration parse(String text) throws MisfitException {
            OptionalLong nanos = GoDuration.parseNanos(text);
            if (nanos.isEmpty()) {
                String unit = Sizes.unitOf(text);
                boolean unknownUnit = !unit.isEmpty()
                        && !List.of("ns", "us", "µs", "ms", "s", "m", "h").contains(unit);
                throw misfit(
                        WANTED,
                        unknownUnit
                                ? text + ": " + unit + " is no unit; units are " + GoDuration.NAMES_OF_UNITS
                                : '"' + text + '"');
            }
            return checked(Duration.ofNanos(nanos.getAsLong()), text);
        }

        private Duration checked(Duration duration, String text) throws MisfitException {
            if (duration.compareTo(min) < 0) {
                throw new MisfitException("must be at least " + GoDuration.print(min) + ", not " + text);
            }
            return duration;
        }

        @Override
        public String show(Duration value) {
            return '"' + GoDuration.print(value) + '"';
        }
    }
}
