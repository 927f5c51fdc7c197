package io.stanchion.node.peer;

import static io.stanchion.node.peer.MeshCluster.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.node.raft.NodeVitals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerMeshTest {
    private final MeshCluster cluster = new MeshCluster();
    private MeshNode a;
    private MeshNode b;
    private MeshNode c;

    @BeforeEach
    void start() throws IOException {
        a = cluster.start("a");
        b = cluster.start("b");
        c = cluster.start("c");
        cluster.awaitComplete();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void shouldBringAMessageOnceToEverySubscriberWhereverItIs() {
        List<Received> all =
                List.of(a.subscribe("orders.*"), b.subscribe("orders.*"), b.subscribe("orders.>"), c.subscribe(">"));
        cluster.settle();

        for (MeshNode node : List.of(a, b, c)) {
            assertThat(node.publish("orders.new", "from " + node.nodeId)).isTrue();
        }
        cluster.settle();

        for (Received received : all) {
            assertThat(received.texts())
                    .filteredOn(text -> text.startsWith("from "))
                    .containsExactlyInAnyOrder("from a", "from b", "from c");
        }
    }

    @Test
    void shouldKnowFromTheBeginningWhatTheClocksOfTheOthersShow() {
        long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());

        assertThat(a.mesh.clocks().now())
                .hasSize(2)
                .allSatisfy(shown -> assertThat(shown).isCloseTo(now, within(TimeUnit.MINUTES.toNanos(1))));
    }

    @Test
    void shouldTellThePeersHowANodeFares() {
        NodeVitals vitals = new NodeVitals(60_000, 1_500, 40, true);
        assertThat(b.mesh.vitals("a")).isEqualTo(NodeVitals.UNKNOWN);

        a.mesh.tell(vitals);

        awaitThat(() -> b.mesh.vitals("a").equals(vitals) && c.mesh.vitals("a").equals(vitals));
    }

    @Test
    void shouldSendNoClientsToANodeThatWantsNone() {
        String urlOfA = MeshNode.clientUrl("a", 1);
        awaitThat(() -> b.urlsOfOthers().contains(urlOfA));

        a.mesh.withdrawClientUrls();

        awaitThat(() -> !b.urlsOfOthers().contains(urlOfA) && !c.urlsOfOthers().contains(urlOfA));
        assertThat(b.urlsOfOthers()).hasSize(1);
    }

    @Test
    void shouldBringEverythingThatWasPublishedBeforeANodeWasClosed() {
        int messages = 20_000;
        Received received = b.subscribe("answers");
        cluster.settle();

        for (int i = 0; i < messages; i++) {
            a.publish("answers", "answer " + i);
        }
        cluster.stop(a);

        awaitThat(() -> received.count() == messages);
    }

    @Test
    void shouldSendNothingRoundWhenEverybodyListensToEverything() {
        List<Received> all = List.of(a.subscribe(">"), b.subscribe(">"), c.subscribe(">"));
        cluster.settle();
        for (int i = 0; i < 1_000; i++) {
            List.of(a, b, c).get(i % 3).publish("tick", "tick " + i);
        }
        cluster.settle();

        for (Received received : all) {
            assertThat(received.texts())
                    .filteredOn(text -> text.startsWith("tick"))
                    .hasSize(1_000)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldStopRoutingWhenTheLastSubscriberIsGone() {
        Received one = b.subscribe("orders");
        Received two = b.subscribe("orders");
        Received everything = b.subscribe("all.>");
        awaitThat(() -> a.hasInterest("orders") && a.hasInterest("all.x"));
        one.interest.close();
        cluster.settle();
        assertThat(a.publish("orders", "1")).isTrue();
        cluster.settle();
        assertThat(one.texts()).isEmpty();
        assertThat(two.texts()).containsExactly("1");

        two.interest.close();
        awaitThat(() -> !a.hasInterest("orders") && !c.hasInterest("orders"));
        assertThat(a.publish("orders", "2")).isFalse();
        assertThat(a.publish("all.orders", "3")).isTrue();
        cluster.settle();
        assertThat(two.texts()).containsExactly("1");
        assertThat(everything.texts()).containsExactly("3");
    }

    @Test
    void shouldKeepTheOrderOfEachPublisherAtEachSubscriber() throws InterruptedException {
        int messages = 20_000;
        List<Received> all = List.of(a.subscribe("orders"), b.subscribe("orders"), c.subscribe("*"));
        cluster.settle();
        List<Thread> publishers = Stream.of(a, b)
                .map(node -> new Thread(() -> {
                    for (int i = 0; i < messages; i++) {
                        node.publish("orders", node.nodeId + i);
                    }
                }))
                .toList();
        publishers.forEach(Thread::start);
        for (Thread publisher : publishers) {
            publisher.join();
        }

        for (Received received : all) {
            awaitThat(() -> received.count() >= 2 * messages);
            for (String publisher : List.of("a", "b")) {
                assertThat(received.texts().stream()
                                .filter(text -> text.startsWith(publisher))
                                .toList())
                        .isEqualTo(IntStream.range(0, messages)
                                .mapToObj(i -> publisher + i)
                                .toList());
            }
            assertThat(received.count()).isEqualTo(2 * messages);
        }
    }

    @Test
    void shouldGiveAMessageToOneMemberOfAGroupInTheWholeCluster() {
        int messages = 4_000;
        List<Received> members = List.of(
                a.join("jobs", "workers"),
                b.join("jobs", "workers"),
                b.join("*", "workers"),
                c.join("jobs", "workers"));
        Received observer = b.join("jobs", "observers");
        Received plain = c.subscribe("jobs");
        cluster.settle();
        for (int i = 0; i < messages; i++) {
            a.publish("jobs", "job " + i);
        }
        cluster.settle();

        List<String> expected =
                IntStream.range(0, messages).mapToObj(i -> "job " + i).toList();
        assertThat(members.stream().flatMap(member -> member.texts().stream()).filter(text -> text.startsWith("job")))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(observer.texts()).isEqualTo(expected);
        assertThat(plain.texts()).isEqualTo(expected);
        for (Received member : members) { // each member has the same chance, on whatever node it is
            assertThat(member.count()).isBetween(messages / 4 - 300, messages / 4 + 300);
        }
    }

    @Test
    void shouldTurnToAnotherNodeWhenTheMembersHereRefuse() {
        a.router.subscribe(Subject.of("jobs"), Subject.of("workers"), Scope.CLUSTER, message -> false);
        Received member = b.join("jobs", "workers");
        cluster.settle();
        for (int i = 0; i < 200; i++) {
            assertThat(a.publish("jobs", "job " + i)).isTrue();
        }
        cluster.settle();

        assertThat(member.count()).isEqualTo(200);
    }

    @Test
    void shouldCarryReplySubjectAndHeadersUnchanged() {
        AtomicReference<String> seen = new AtomicReference<>();
        AtomicLong term = new AtomicLong();
        c.router.subscribe(Subject.of("größe"), null, Scope.CLUSTER, message -> {
            ByteBuf content = message.content();
            seen.set(message.subject() + " " + message.reply() + " "
                    + content.toString(0, message.headerBytes(), StandardCharsets.UTF_8) + "|"
                    + content.toString(
                            message.headerBytes(),
                            content.readableBytes() - message.headerBytes(),
                            StandardCharsets.UTF_8));
            term.set(message.term());
            return true;
        });
        awaitThat(() -> a.hasInterest("größe"));
        String headers = "NATS/1.0\r\nColour: red\r\n\r\n";
        ByteBuf content = Unpooled.copiedBuffer(headers + "payload", StandardCharsets.UTF_8);
        a.router.publish(new Message(Subject.of("größe"), Subject.of("_INBOX.1"), headers.length(), content, 7));

        awaitThat(() -> seen.get() != null);
        assertThat(seen.get()).isEqualTo("größe _INBOX.1 " + headers + "|payload");
        assertThat(term).hasValue(7);
        assertThat(content.refCnt()).isEqualTo(1); // whoever publishes keeps its reference
    }

    @Test
    void shouldLetAReplyFindAnInboxThatWasOpenedJustBeforeTheRequest() {
        b.router.subscribe(Subject.of("echo"), null, Scope.CLUSTER, request -> {
            b.router.publish(new Message(request.reply(), null, 0, request.content()));
            return true;
        });
        awaitThat(() -> a.hasInterest("echo"));
        List<Received> replies = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            String inbox = "_INBOX.request." + i;
            replies.add(a.subscribe(inbox));
            Message request = MeshNode.message("echo", "request " + i);
            a.router.publish(new Message(request.subject(), Subject.of(inbox), 0, request.content()));
        }

        awaitThat(() -> replies.stream().allMatch(reply -> reply.count() > 0));
        for (int i = 0; i < replies.size(); i++) {
            assertThat(replies.get(i).texts()).containsExactly("request " + i);
        }
    }

    @Test
    void shouldForgetANodeThatIsGoneAndTellItAllWhenItComesBack() throws IOException {
        int patterns = 3_000; // more than fit in one frame
        for (int i = 0; i < patterns; i++) {
            a.subscribe("a." + i);
        }
        c.subscribe("orders");
        c.join("orders", "workers");
        awaitThat(() -> a.hasInterest("orders") && b.hasInterest("orders"));
        cluster.stop(c);
        awaitThat(() -> !a.hasInterest("orders") && !b.hasInterest("orders"));
        assertThat(a.publish("orders", "lost")).isFalse();
        assertThat(a.mesh.isComplete()).isFalse();
        awaitThat(() -> a.losses.equals(List.of("c")));
        Received added = a.subscribe("added");

        c = cluster.start("c");
        Received again = c.subscribe("orders");
        cluster.awaitComplete();

        awaitThat(() -> a.hasInterest("orders"));
        assertThat(a.publish("orders", "found")).isTrue();
        assertThat(IntStream.range(0, patterns)).allMatch(i -> c.hasInterest("a." + i));
        assertThat(c.publish("added", "1")).isTrue();
        cluster.settle();
        assertThat(again.texts()).containsExactly("found");
        assertThat(added.texts()).containsExactly("1");
    }

    @Test
    void shouldTellAConnectionFromTheOneBefore() throws IOException {
        b.subscribe("inbox");
        awaitThat(() -> a.whereabouts("inbox") != null);
        Object before = a.whereabouts("inbox");
        assertThat(a.whereabouts("inbox")).isSameAs(before);

        cluster.stop(b);
        b = cluster.start("b");
        b.subscribe("inbox");
        cluster.awaitComplete();
        awaitThat(() -> a.whereabouts("inbox") != null);
        assertThat(a.whereabouts("inbox")).isNotSameAs(before);
    }

    @Test
    void shouldKeepTheServicesOfANodeToItself() {
        Set<String> served = new HashSet<>();
        a.router.subscribe(Subject.of("service.>"), null, Scope.SERVICE, message -> served.add("a"));
        a.router.subscribe(Subject.of("service.>"), Subject.of("q"), Scope.SERVICE, message -> served.add("a"));
        a.subscribe("service.announced"); // so that something does come over
        cluster.settle();

        assertThat(b.hasInterest("service.x")).isFalse();
        assertThat(b.publish("service.announced", "from b")).isTrue();
        cluster.settle();
        assertThat(served).isEmpty();
        assertThat(a.publish("service.x", "from a")).isTrue();
        assertThat(served).containsExactly("a");
    }

    @Test
    void shouldKnowWhereClientsOfTheOtherLivingNodesConnect() throws IOException {
        awaitThat(() -> a.urlsOfOthers().equals(urls("b", 2, "c", 3)));
        awaitThat(() -> b.urlsOfOthers().equals(urls("a", 1, "c", 3)));
        cluster.stop(c);
        awaitThat(() -> a.urlsOfOthers().equals(urls("b", 2)));
        c = cluster.start("c");
        awaitThat(() -> a.urlsOfOthers().equals(urls("b", 2, "c", 4)));
        awaitThat(() -> c.urlsOfOthers().equals(urls("a", 1, "b", 2)));
    }

    private static List<String> urls(Object... nodesAndProcesses) {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < nodesAndProcesses.length; i += 2) {
            urls.add(MeshNode.clientUrl((String) nodesAndProcesses[i], (int) nodesAndProcesses[i + 1]));
        }
        return urls;
    }
}
