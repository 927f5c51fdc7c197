package io.stanchion.node.raft;

import io.stanchion.raftsm.cipher.Encryption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A node on its own data directory, with the others played by a script. */
abstract class MembershipFixture {
    @TempDir
    Path folder;

    final OtherNodes others = new OtherNodes();
    final OwnPlace place = new OwnPlace();
    final List<String> turns = new ArrayList<>();
    DataDirectory data;
    volatile boolean stopped;

    /** Where the other nodes look for it, too. */
    GroupMember self = new GroupMember("a", "", 0, 0);

    final Membership.Turns onTurn = new Membership.Turns() {
        @Override
        public void onDoubted(String reason) {
            turns.add(reason);
            stopped = true;
        }

        @Override
        public void onRemoved() {
            turns.add("removed");
        }

        @Override
        public void onMoved(String where) {
            turns.add(where);
        }
    };

    @BeforeEach
    void open() throws IOException {
        data = DataDirectory.open(folder, "orders", "a", Encryption.off(), 1);
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    Membership membership(String... otherNodes) {
        return new Membership(data, self, known(otherNodes), others, () -> stopped);
    }

    /** Of a configuration that names these and this node. */
    KnownPlaces known(String... otherNodes) {
        List<GroupMember> inFile = Stream.of(otherNodes)
                .map(id -> new GroupMember(id, "old-" + id, 4300, 4301))
                .toList();
        return new KnownPlaces("a", inFile, others::reach);
    }
}
