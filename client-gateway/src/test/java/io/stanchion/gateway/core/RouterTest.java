package io.stanchion.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router = new Router();
    private final FakePeer peer = new FakePeer("b");
    private final FakePeer otherPeer = new FakePeer("c");

    @Test
    void shouldSpreadAGroupEvenlyOverItsMembers() {
        int[] received = new int[3];
        for (int i = 0; i < 3; i++) {
            int member = i;
            subscribe("jobs", "workers", message -> ++received[member] > 0);
        }
        for (int i = 0; i < 3000; i++) {
            assertThat(router.publish(message("jobs"))).isTrue();
        }
        for (int count : received) {
            assertThat(count).isBetween(800, 1200);
        }
        assertThat(received[0] + received[1] + received[2]).isEqualTo(3000);
    }

    @Test
    void shouldTreatOneNameUnderTwoPatternsAsOneGroup() {
        AtomicInteger received = new AtomicInteger();
        subscribe("foo.*", "q", message -> received.incrementAndGet() > 0);
        subscribe("foo.bar", "q", message -> received.incrementAndGet() > 0);
        subscribe("foo.>", "other", message -> received.incrementAndGet() > 0);

        router.publish(message("foo.bar"));

        assertThat(received).hasValue(2);
    }

    @Test
    void shouldTryTheNextMemberWhenOneRefuses() {
        AtomicInteger received = new AtomicInteger();
        subscribe("jobs", "q", message -> false);
        subscribe("jobs", "q", message -> received.incrementAndGet() > 0);
        subscribe("jobs", "q", message -> false);
        for (int i = 0; i < 100; i++) {
            assertThat(router.publish(message("jobs"))).isTrue();
        }
        assertThat(received).hasValue(100);
    }

    @Test
    void shouldReportThatNobodyTookIt() {
        subscribe("jobs", "q", message -> false);
        subscribe("jobs", null, message -> false);

        assertThat(router.publish(message("jobs"))).isFalse();
        assertThat(router.publish(message("elsewhere"))).isFalse();
    }

    @Test
    void shouldSendAPeerOneCopyHoweverManyPatternsMatch() {
        router.onPeerInterest(peer, Subject.of("a.*"), null, 1);
        router.onPeerInterest(peer, Subject.of("a.>"), null, 1);
        router.onPeerInterest(peer, Subject.of("a.b"), Subject.of("q"), 3);
        router.onPeerInterest(otherPeer, Subject.of(">"), null, 1);

        assertThat(router.publish(message("a.b"))).isTrue();

        assertThat(peer.groups).containsExactly(List.of(Subject.of("q")));
        assertThat(otherPeer.groups).containsExactly(List.of());
    }

    @Test
    void shouldDrawFromAllMembersOfTheClusterByWeight() {
        AtomicInteger here = new AtomicInteger();
        subscribe("jobs", "q", message -> here.incrementAndGet() > 0);
        router.onPeerInterest(peer, Subject.of("jobs"), Subject.of("q"), 2);
        router.onPeerInterest(otherPeer, Subject.of("*"), Subject.of("q"), 1);
        for (int i = 0; i < 4000; i++) {
            router.publish(message("jobs"));
        }
        assertThat(here.get()).isBetween(800, 1200);
        assertThat(peer.groups).hasSizeBetween(1800, 2200);
        assertThat(otherPeer.groups).hasSizeBetween(800, 1200);
        assertThat(here.get() + peer.groups.size() + otherPeer.groups.size()).isEqualTo(4000);
    }

    @Test
    void shouldFollowAChangedWeightAndForgetAWithdrawnGroup() {
        router.onPeerInterest(peer, Subject.of("jobs"), Subject.of("q"), 2);
        router.onPeerInterest(peer, Subject.of("jobs"), Subject.of("q"), 5);
        assertThat(router.hasInterest(Subject.of("jobs"))).isTrue();

        router.onPeerInterest(peer, Subject.of("jobs"), Subject.of("q"), 0);

        assertThat(router.hasInterest(Subject.of("jobs"))).isFalse();
        assertThat(router.trie().isEmpty()).isTrue();
    }

    @Test
    void shouldForgetAPeerThatIsGone() {
        for (int i = 0; i < 500; i++) {
            router.onPeerInterest(peer, Subject.of("a." + i + ".*"), null, 1);
            router.onPeerInterest(peer, Subject.of("*." + i + ".>"), Subject.of("q"), i + 1);
            router.onPeerInterest(otherPeer, Subject.of("a." + i + ".*"), null, 1);
        }
        router.onPeerGone(peer);
        router.publish(message("a.7.x"));
        assertThat(peer.groups).isEmpty();
        assertThat(otherPeer.groups).hasSize(1);

        router.onPeerGone(otherPeer);
        assertThat(router.trie().isEmpty()).isTrue();
    }

    @Test
    void shouldDropWhatALeaderDeliversOnceALaterOneHasDelivered() {
        List<Long> received = new ArrayList<>();
        subscribe("inbox", null, message -> received.add(message.term()));

        router.publish(delivery(3));
        router.deliverFromPeer(delivery(4), List.of());
        router.deliverFromPeer(delivery(3), List.of()); // came by a slow way
        router.publish(delivery(3)); // this node did not know yet that it leads no more
        router.publish(message("inbox"));
        router.publish(delivery(5));
        router.deliverFromPeer(delivery(4), List.of());

        assertThat(received).containsExactly(3L, 4L, 0L, 5L);
    }

    @Test
    void shouldServeOnlyNamedGroupsAndNeverForwardWhatAPeerRouted() {
        List<String> received = new ArrayList<>();
        subscribe("a", null, message -> received.add("plain"));
        subscribe("a", "q", message -> received.add("q"));
        subscribe("a", "q", message -> received.add("q"));
        subscribe("a", "unnamed", message -> received.add("unnamed"));
        router.onPeerInterest(peer, Subject.of(">"), null, 1);
        router.onPeerInterest(peer, Subject.of("a"), Subject.of("q"), 1);

        router.deliverFromPeer(message("a"), List.of(Subject.of("q"), Subject.of("unknown")));

        assertThat(received).containsExactlyInAnyOrder("plain", "q");
        assertThat(peer.groups).isEmpty();
    }

    @Test
    void shouldKeepAServiceToThisNodesOwnMessages() {
        List<String> received = new ArrayList<>();
        List<String> announced = announcements();
        router.subscribe(Subject.of("_STAN.>"), null, Scope.SERVICE, message -> received.add("service"));
        router.subscribe(Subject.of("_STAN.>"), Subject.of("q"), Scope.SERVICE, message -> received.add("group"));

        router.deliverFromPeer(message("_STAN.pub"), List.of(Subject.of("q")));
        assertThat(received).isEmpty();
        assertThat(announced).isEmpty();

        router.publish(message("_STAN.pub"));
        assertThat(received).containsExactly("service", "group");
        Subject subject = Subject.of("_STAN.pub");
        assertThat(new RouteCache(router, 1)
                        .find(subject.asByteBuf(), 0, subject.length())
                        .reachesService())
                .isTrue();
    }

    @Test
    void shouldAnnouncePlainInterestOnceAndGroupsAtEachChange() {
        Interest early = subscribe("early", null, message -> true);
        List<String> announced = announcements();
        Interest first = subscribe("a", null, message -> true);
        Interest second = subscribe("a", null, message -> true);
        Interest member = subscribe("a", "q", message -> true);
        Interest otherMember = subscribe("a", "q", message -> true);
        first.close();
        first.close();
        second.close();
        member.close();
        otherMember.close();
        early.close();

        assertThat(announced)
                .containsExactly(
                        "early null 1", "a null 1", "a q 1", "a q 2", "a null 0", "a q 1", "a q 0", "early null 0");
    }

    @Test
    void shouldDeliverNothingAfterClose() {
        AtomicInteger received = new AtomicInteger();
        Interest interest = subscribe("a", null, message -> received.incrementAndGet() > 0);
        Subject subject = Subject.of("a");
        Route stale = new RouteCache(router, 1).find(subject.asByteBuf(), 0, 1);
        interest.close();

        assertThat(router.publish(message("a"))).isFalse();
        assertThat(router.publish(message("a"), stale)).isFalse();
        assertThat(received).hasValue(0);
    }

    @Test
    void shouldRefuseToSubscribeToAMistake() {
        assertThatThrownBy(() -> subscribe("a..b", null, message -> true)).isInstanceOf(IllegalArgumentException.class);
    }

    private Interest subscribe(String pattern, @Nullable String group, Subscriber subscriber) {
        return router.subscribe(
                Subject.of(pattern), group == null ? null : Subject.of(group), Scope.CLUSTER, subscriber);
    }

    private List<String> announcements() {
        List<String> announced = new ArrayList<>();
        router.listen((pattern, group, count) -> announced.add(pattern + " " + group + " " + count));
        return announced;
    }

    private static Message message(String subject) {
        return new Message(Subject.of(subject), null, 0, Unpooled.EMPTY_BUFFER);
    }

    private static Message delivery(long term) {
        return new Message(Subject.of("inbox"), null, 0, Unpooled.EMPTY_BUFFER, term);
    }

    private static final class FakePeer implements Peer {
        private final String nodeId;
        private final List<List<Subject>> groups = new ArrayList<>();

        FakePeer(String nodeId) {
            this.nodeId = nodeId;
        }

        @Override
        public String nodeId() {
            return nodeId;
        }

        @Override
        public Path path() {
            return new Path() {};
        }

        @Override
        public void forward(Message message, List<Subject> queueGroups) {
            groups.add(queueGroups);
        }
    }
}
