package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A small ext4 of its own for each node, in a file. It can lose power: the file system is stopped dead by the kernel, its journal is not
 * written out, and what no fsync has carried to the file is gone. Write-back leaves pages of the last half minute alone, and the journal
 * commits by itself every ten minutes only, so little gets there without an fsync.
 */
public final class NodeDisks implements AutoCloseable {
    private static final long DISK_BYTES = 1L << 30;
    // EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH
    private static final String SHUTDOWN = "open(my $d, '<', $ARGV[0]) or die \"$!\\n\"; my $how = pack('L', 2);"
            + " ioctl($d, 0x8004587d, $how) or die \"$!\\n\"";

    private final List<NodePlan> plans;

    private NodeDisks(List<NodePlan> plans) {
        this.plans = List.copyOf(plans);
    }

    /** Why this machine has no such disks; found by making one and cutting its power. */
    public static Optional<String> obstacle() {
        Path folder = ProcessCluster.newFolder(Leftovers.folderPrefix());
        NodePlan plan = new NodePlan("a", "127.0.0.1", 0, 0, 0, folder.resolve("a"));
        try (NodeDisks disks = create(List.of(plan))) {
            disks.stop(plan);
            disks.mountAgain(plan);
            return Optional.empty();
        } catch (ClusterException e) {
            return Optional.of("no disks that can lose power: " + e.getMessage());
        } finally {
            Folders.tryDelete(folder);
        }
    }

    static NodeDisks create(List<NodePlan> plans) {
        NodeDisks disks = new NodeDisks(plans);
        try {
            plans.forEach(NodeDisks::make);
            return disks;
        } catch (ClusterException e) {
            disks.close();
            throw e;
        }
    }

    private static void make(NodePlan plan) {
        try {
            Files.createDirectories(plan.diskDirectory());
            try (RandomAccessFile image = new RandomAccessFile(image(plan).toFile(), "rw")) {
                image.setLength(DISK_BYTES); // sparse: costs what is written
            }
        } catch (IOException e) {
            throw new ClusterException("cannot make " + image(plan) + ": " + e.getMessage(), e);
        }
        MachineCommand.run("mkfs.ext4", "-q", "-F", "-m", "0", image(plan).toString());
        mount(plan);
    }

    /** Power is gone: the process freezes where it is, the disk dies under it, and only then the process does. */
    public void cutPower(NodeProcess node) {
        if (node.isAlive()) {
            node.pause();
        }
        stop(planOf(node));
        node.kill();
    }

    /** Power is back: the disk holds what had reached it. The node is started by the caller. */
    public void restorePower(NodeProcess node) {
        mountAgain(planOf(node));
    }

    /** Leaves that many bytes free on the node's disk. */
    public void fill(NodeProcess node, long bytesLeft) {
        Path disk = planOf(node).diskDirectory();
        try {
            long size = Files.getFileStore(disk).getUsableSpace() - bytesLeft;
            if (size > 0) {
                MachineCommand.run(
                        "fallocate", "-l", String.valueOf(size), filler(disk).toString());
            }
        } catch (IOException e) {
            throw new ClusterException("cannot fill " + disk + ": " + e.getMessage(), e);
        }
    }

    /** Takes away what {@link #fill} put there. */
    public void empty(NodeProcess node) {
        try {
            Files.deleteIfExists(filler(planOf(node).diskDirectory()));
        } catch (IOException e) {
            throw new ClusterException("cannot empty the disk of " + node.id() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        plans.forEach(NodeDisks::unmount);
    }

    private void stop(NodePlan plan) {
        MachineCommand.run("perl", "-e", SHUTDOWN, plan.diskDirectory().toString());
    }

    private void mountAgain(NodePlan plan) {
        Await.until(
                "unmounting the disk of " + plan.id(),
                Duration.ofSeconds(10),
                () -> MachineCommand.objection("umount", plan.diskDirectory().toString())
                        .isEmpty());
        mount(plan);
    }

    private static void mount(NodePlan plan) {
        MachineCommand.run(
                "mount",
                "-o",
                "loop,commit=600",
                image(plan).toString(),
                plan.diskDirectory().toString());
    }

    private static void unmount(NodePlan plan) {
        String place = plan.diskDirectory().toString();
        if (MachineCommand.objection("umount", place).isPresent()) {
            MachineCommand.objection("umount", "-l", place); // or it was not mounted at all
        }
    }

    private NodePlan planOf(NodeProcess node) {
        return plans.stream()
                .filter(plan -> plan.id().equals(node.id()))
                .findFirst()
                .orElseThrow();
    }

    private static Path image(NodePlan plan) {
        return plan.directory().resolve("disk.img");
    }

    private static Path filler(Path disk) {
        return disk.resolve("filler");
    }
}
