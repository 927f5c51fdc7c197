package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.peer.StandingReply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who says where the other nodes are, and who is believed. */
class KnownPlacesTest {
    private final List<Collection<GroupMember>> changes = new ArrayList<>();
    private final KnownPlaces known = new KnownPlaces("a", places("file", "a", "b", "c"), changes::add);

    @Test
    void shouldKnowTheNodesOfTheConfigurationUntilTheLogNamesOthers() {
        assertThat(known.members()).containsExactly("b", "c");
        known.follow(places("log", "a", "b", "d"));
        assertThat(known.members()).containsExactly("b", "d");
        assertThat(known.all()).containsExactly("b", "c", "d");
        assertThat(known.inFile()).containsExactly("b", "c");
        assertThat(hosts()).containsExactly("log-b", "file-c", "log-d");
        assertThat(changes).hasSize(1).last().isEqualTo(known.places());
    }

    @Test
    void shouldBelieveANodeThatHearsOfALeaderMoreThanItsLogUntilTheLogGoesOn() {
        known.follow(places("log", "a", "b", "c"));
        known.learn(reply("b", "a", "b", "d"));
        assertThat(hosts()).containsExactly("told-b", "log-c", "told-d");
        assertThat(known.members()).as("they are told when the log says so").containsExactly("b", "c");
        known.follow(places("log", "a", "b", "d"));
        assertThat(hosts()).containsExactly("log-b", "file-c", "log-d");
    }

    @Test
    void shouldLearnOnlyWhatNobodyElseHasSaidFromANodeWithoutALeader() {
        known.learn(reply("", "a", "b", "d"));
        assertThat(hosts()).containsExactly("file-b", "file-c", "told-d");
    }

    @Test
    void shouldLookInTheConfigurationForWhatAnOldLogDoesNotTell() {
        known.follow(List.of(new GroupMember("b", "log-b", 0, 4301), new GroupMember("d", "log-d", 0, 4301)));
        assertThat(known.all()).containsExactly("b", "c", "d");
        assertThat(hosts()).containsExactly("file-b", "file-c");
    }

    @Test
    void shouldSayNothingTwice() {
        known.follow(places("log", "a", "b"));
        known.follow(places("log", "a", "b"));
        known.follow(List.of());
        assertThat(changes).hasSize(1);
        assertThat(known.members()).containsExactly("b");
    }

    private List<String> hosts() {
        return known.places().stream().map(GroupMember::host).toList();
    }

    private static StandingReply reply(String leader, String... members) {
        return StandingReply.newBuilder()
                .setLeader(leader)
                .addAllMembers(places("told", members).stream()
                        .map(GroupMember::toProto)
                        .toList())
                .build();
    }

    private static List<GroupMember> places(String where, String... ids) {
        return Stream.of(ids)
                .map(id -> new GroupMember(id, where + "-" + id, 4300, 4301))
                .toList();
    }
}
