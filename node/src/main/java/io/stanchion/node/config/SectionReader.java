package io.stanchion.node.config;

import io.stanchion.node.config.ConfigMap.Entry;
import io.stanchion.node.config.ConfigValue.Block;
import io.stanchion.node.config.Setting.Section;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Takes settings out of a parsed file. Whatever it does not know is a problem: a key that is not obeyed should not look as if it were. */
final class SectionReader {
    private static final int TYPO_MAX = 2;

    private final Values values;
    private final Problems problems;

    SectionReader(Values values, Problems problems) {
        this.values = values;
        this.problems = problems;
    }

    /**
     * A file without a block {@code streaming} holds the keys of that block beside those of NATS.
     *
     * @param part what the file is for
     */
    void readFile(ConfigMap map, FilePart part) {
        boolean isFlat =
                map.entries().stream().noneMatch(entry -> entry.key().equalsIgnoreCase(Section.STREAMING.path()));
        for (Entry entry : map.entries()) {
            String key = entry.key().toLowerCase(Locale.ROOT);
            if (part == FilePart.NATS && key.equals(Section.STREAMING.path())) {
                problems.warn(entry.place(), key + ": no effect here: -sc names another file for it");
                continue;
            }
            boolean isStreaming = isKnown(Section.STREAMING, key)
                    && (!isKnown(Section.TOP, key) || part == FilePart.STREAMING || isForStreaming(key, entry.value()));
            read(isFlat && isStreaming ? Section.STREAMING : Section.TOP, map, entry);
        }
    }

    private static boolean isKnown(Section section, String key) {
        return Settings.blockIn(section, key) != null
                || Settings.byName(section, key).isPresent()
                || ForeignSettings.byName(section, key).isPresent();
    }

    /** Both NATS and streaming have clusters and TLS. What is inside tells which one is meant. */
    private static boolean isForStreaming(String key, ConfigValue value) {
        return value instanceof Block block
                && block.map().entries().stream()
                        .map(entry -> entry.key().toLowerCase(Locale.ROOT))
                        .anyMatch(inner -> key.equals("cluster")
                                ? isKnown(Section.CLUSTER, inner)
                                        && !Settings.CLUSTER_LISTEN.names().contains(inner)
                                : inner.startsWith("client_"));
    }

    private void read(Section section, ConfigMap map) {
        map.entries().forEach(entry -> read(section, map, entry));
    }

    private void read(Section section, ConfigMap map, Entry entry) {
        String key = entry.key().toLowerCase(Locale.ROOT);
        Section inner = Settings.blockIn(section, key);
        Optional<Setting<?>> setting = Settings.byName(section, key);
        Optional<Foreign<?>> foreign = ForeignSettings.byName(section, key);
        if (inner != null) {
            readBlock(inner, entry);
        } else if (setting.isPresent()) {
            readSetting(setting.get(), entry);
        } else if (foreign.isPresent()) {
            readForeign(foreign.get(), entry);
        } else if (!map.isVariable(entry.key())) {
            problems.add(entry.place(), "unknown field \"" + entry.key() + "\"; " + advice(section, key));
        }
    }

    private <T> void readForeign(Foreign<T> foreign, Entry entry) {
        try {
            T value = foreign.setting().kind().read(entry.value());
            values.put(foreign.setting(), value, entry.place());
            foreign.judge(value, entry.place(), entry.key(), problems);
        } catch (MisfitException e) {
            report(foreign.setting(), entry, e);
        }
    }

    private void readBlock(Section inner, Entry entry) {
        if (entry.value() instanceof Block block) {
            if (inner == Section.CLUSTER) {
                values.put(Settings.CLUSTERED, true, entry.place());
            }
            read(inner, block.map());
        } else {
            problems.add(
                    entry.value().place(),
                    inner.path(),
                    "must be a block in { }, not " + entry.value().describe());
        }
    }

    private <T> void readSetting(Setting<T> setting, Entry entry) {
        Place place = entry.value().place();
        try {
            T value = setting.kind().read(entry.value());
            values.put(setting, value, place);
            if (value instanceof HostPort address) {
                readAddress(setting, address, place);
            }
        } catch (MisfitException e) {
            report(setting, entry, e);
        }
    }

    /** In the words of the reference first, if the value is of another kind altogether. */
    private void report(Setting<?> setting, Entry entry, MisfitException misfit) {
        Place where = misfit.place() == null ? entry.value().place() : misfit.place();
        String kinds = setting.kind().isPossible(entry.value())
                ? ""
                : "parameter \"" + entry.key() + "\" value is expected to be "
                        + setting.kind().referenceName() + ", got "
                        + entry.value().referenceName() + ": ";
        problems.add(where, setting.section().pathOf(setting.name()), kinds + misfit.getMessage());
    }

    /** {@code listen} and {@code http} say in one word what others say in two; the last one in the file counts. */
    private void readAddress(Setting<?> setting, HostPort address, Place place) {
        values.put(setting.equals(Settings.LISTEN) ? Settings.PORT : Settings.HTTP_PORT, address.port(), place);
        if (setting.equals(Settings.LISTEN) && !address.host().isEmpty()) {
            values.put(Settings.HOST, address.host(), place);
        }
    }

    private static String advice(Section section, String key) {
        Optional<Setting<?>> elsewhere = Settings.ALL.stream()
                .filter(setting ->
                        setting.section() != section && setting.names().contains(key))
                .findFirst();
        if (elsewhere.isPresent()) {
            String path = elsewhere.get().section().path();
            return path.isEmpty() ? "it belongs outside of all blocks" : "it belongs in the block " + path;
        }
        return Settings.ALL.stream()
                .filter(setting -> setting.section() == section)
                .flatMap(setting -> setting.names().stream())
                .filter(name -> distance(name, key) <= TYPO_MAX)
                .min(Comparator.comparingInt(name -> distance(name, key)))
                .map(name -> "did you mean " + name + "?")
                .orElse("remove it, or correct its name");
    }

    /** Letters to change, add or take away to get from one word to the other. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
