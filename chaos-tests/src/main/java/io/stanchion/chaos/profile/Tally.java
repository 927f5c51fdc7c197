package io.stanchion.chaos.profile;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is left of a round when it is over: its numbers. Written as a line of a table, so that the rounds of several runs can be summed.
 *
 * @param seconds the whole round, start and judgement included
 * @param majorityKept whether the fault left a majority all the time
 * @param pausesMillis for each strike, the longest time without a publish acknowledgement until the cluster was whole again
 * @param findings judges that found something, one name for each finding
 */
record Tally(
        String nemesis,
        long seed,
        long seconds,
        boolean majorityKept,
        long published,
        long acknowledged,
        long unknown,
        long refused,
        long delivered,
        long redelivered,
        List<Long> pausesMillis,
        List<String> findings) {
    private static final String NOTHING = "-";

    Tally {
        pausesMillis = List.copyOf(pausesMillis);
        findings = List.copyOf(findings);
    }

    int strikes() {
        return pausesMillis.size();
    }

    long findingsOf(String judge) {
        return findings.stream().filter(judge::equals).count();
    }

    String toLine() {
        return Stream.of(
                        nemesis,
                        seed,
                        seconds,
                        majorityKept,
                        published,
                        acknowledged,
                        unknown,
                        refused,
                        delivered,
                        redelivered,
                        join(pausesMillis),
                        join(findings))
                .map(String::valueOf)
                .collect(Collectors.joining("\t"));
    }

    static Tally parse(String line) {
        String[] fields = line.split("\t", -1);
        return new Tally(
                fields[0],
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Boolean.parseBoolean(fields[3]),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]),
                Long.parseLong(fields[6]),
                Long.parseLong(fields[7]),
                Long.parseLong(fields[8]),
                Long.parseLong(fields[9]),
                split(fields[10]).map(Long::parseLong).toList(),
                split(fields[11]).toList());
    }

    private static String join(List<?> parts) {
        return parts.isEmpty() ? NOTHING : parts.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static Stream<String> split(String field) {
        return field.equals(NOTHING) ? Stream.empty() : Stream.of(field.split(",", -1));
    }
}
