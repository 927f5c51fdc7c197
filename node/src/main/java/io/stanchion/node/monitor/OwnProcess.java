package io.stanchion.node.monitor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process takes from its machine. */
final class OwnProcess {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final int KIB = 1024;
    private static final double PERCENT = 100;

    private OwnProcess() {}

    /** Tools show it as the version of the toolchain. */
    static String runtime() {
        return "java" + Runtime.version().feature();
    }

    /** 0 where the system does not say. */
    static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }

    /** 0 where the system does not say. */
    static long openFilesMax() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : 0;
    }

    /** Memory in use, native memory included; the heap alone where the system does not say. */
    static long residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB;
                }
            }
        } catch (IOException e) {
            // no Linux
        }
        return Runtime.getRuntime().totalMemory();
    }

    /** Of one processor, lately. */
    static double cpuPercent() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? Math.max(0, system.getProcessCpuLoad()) * PERCENT * system.getAvailableProcessors()
                : 0;
    }
}
