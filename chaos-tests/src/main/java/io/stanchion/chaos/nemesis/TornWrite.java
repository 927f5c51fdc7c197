package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.Folders;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Power went while a log entry was being written: its beginning is there and its end is not. No fsync had returned for it, so nobody was
 * promised anything, and the node has to come back by itself.
 */
final class TornWrite {
    private static final int HEADER_BYTES = 8; // the name and version of the format
    private static final int CHECKSUM_BYTES = 4;

    private TornWrite() {}

    static List<Nemesis> kinds() {
        return Fault.toOne("torn-write", ClusterNeeds.PLAIN, TornWrite::tear);
    }

    private static void tear(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws IOException, InterruptedException {
        NodeProcess node = chosen.get(0);
        try {
            faults.say("SIGKILL " + node.id());
            node.kill();
            for (Path segment : Folders.find(node.dataDirectory().resolve("raft"), "log_inprogress_")) {
                faults.say(node.id() + ": " + appendHalfAnEntry(segment, random) + " bytes of an entry at the end of "
                        + segment.getFileName());
            }
            Hold.between(200, 2_000, random);
        } finally {
            node.start();
            faults.say("started " + node.id());
        }
    }

    /** Behind the last whole entry comes the beginning of another one. Returns of how many bytes; 0 if the log has no entry. */
    static int appendHalfAnEntry(Path segment, RandomGenerator random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            long first = HEADER_BYTES;
            long end = first;
            long length = lengthAt(file, first);
            if (length == 0) {
                return 0;
            }
            for (long next = length; next > 0; next = lengthAt(file, end)) {
                end = file.getFilePointer() + next + CHECKSUM_BYTES;
            }
            byte[] half = new byte[random.nextInt(1, (int) length)];
            file.seek(first);
            file.readFully(half);
            file.seek(end);
            file.write(half);
            return half.length;
        }
    }

    /** Entries begin with their length, seven bits a byte. 0 where there is none; otherwise the file stands behind it. */
    private static long lengthAt(RandomAccessFile file, long position) throws IOException {
        file.seek(position);
        long length = 0;
        for (int shift = 0; file.getFilePointer() < file.length(); shift += 7) {
            int octet = file.read();
            length |= (octet & 0x7fL) << shift;
            if (octet < 0x80) {
                return length;
            }
        }
        return 0;
    }
}
