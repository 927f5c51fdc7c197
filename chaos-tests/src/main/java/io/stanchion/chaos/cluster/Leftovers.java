package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a run that was killed could not clean up: processes, mounts, network name spaces, links and folders. All of them carry the process
 * id of their run in their names, and only those of runs that live no more are touched.
 */
final class Leftovers {
    private static final String FOLDER = "stanchion-chaos-";
    private static final Pattern IN_PATH = Pattern.compile(FOLDER + "(\\d+)-");
    private static final Pattern IN_NETWORK = Pattern.compile("\\b" + NodeNetworks.PREFIX + "(\\d+)-\\d+[a-z]?\\b");

    private Leftovers() {}

    /** How the names of our folders begin. */
    static String folderPrefix() {
        return FOLDER + ProcessHandle.current().pid() + "-";
    }

    /** Order matters: processes keep mounts and networks busy, and mounts keep folders. */
    static void sweep() {
        ProcessHandle.allProcesses().filter(Leftovers::isNodeOfDeadRun).forEach(ProcessHandle::destroyForcibly);
        deadMounts().forEach(place -> MachineCommand.objection("umount", "-l", place));
        sweepNetworks();
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> folders = Files.list(temporary)) {
            folders.filter(folder -> isDead(folder.toString())).forEach(Folders::tryDelete);
        } catch (IOException e) {
            throw new ClusterException("cannot list " + temporary + ": " + e.getMessage(), e);
        }
    }

    private static void sweepNetworks() {
        if (MachineCommand.objection("ip", "-V").isPresent()) {
            return; // then nobody has made any
        }
        namesIn(MachineCommand.run("ip", "netns", "list"))
                .forEach(space -> MachineCommand.objection("ip", "netns", "del", space));
        namesIn(MachineCommand.run("ip", "-o", "link", "show"))
                .forEach(link -> MachineCommand.objection("ip", "link", "del", link));
    }

    /** The names in a text that belong to dead runs. */
    static List<String> namesIn(String text) {
        return IN_NETWORK
                .matcher(text)
                .results()
                .filter(found -> !isAlive(found.group(1)))
                .map(found -> found.group())
                .distinct()
                .toList();
    }

    /** Somebody who only looks at the files that a dead run left is not a node. */
    private static boolean isNodeOfDeadRun(ProcessHandle process) {
        List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
        return arguments.contains("-cluster_node_id") && arguments.stream().anyMatch(Leftovers::isDead);
    }

    private static List<String> deadMounts() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
            return lines.map(line -> line.split(" ", -1)[1])
                    .filter(Leftovers::isDead)
                    .toList();
        } catch (IOException e) {
            throw new ClusterException("cannot read the list of mounts: " + e.getMessage(), e);
        }
    }

    /** Whether a path leads into a folder of a run that has ended. */
    static boolean isDead(String path) {
        Matcher matcher = IN_PATH.matcher(path);
        return matcher.find() && !isAlive(matcher.group(1));
    }

    private static boolean isAlive(String pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
        return process.isPresent() && process.get().isAlive();
    }
}
