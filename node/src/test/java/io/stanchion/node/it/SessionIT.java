package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.StreamingConnection;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionIT extends ClusterTestBase {
    @ParameterizedTest
    @EnumSource
    void shouldRefuseAClientIdThatIsInUse(Through through) throws Exception {
        StreamingConnection session = open("mine-" + through, through);

        assertThatThrownBy(() -> open("mine-" + through, Through.FOLLOWER))
                .isInstanceOf(IOException.class)
                .hasMessage("stan: clientID already registered");
        publish(session, "mine-" + through, "still works");
    }

    @ParameterizedTest
    @EnumSource
    void shouldReplaceASessionAtOnceWhenItsConnectionIsGone(Through through) throws Exception {
        String name = "crashed-" + through;
        StreamingConnection crashed = open(name, through);
        Received before = subscribe(crashed, name, options().durableName("d").deliverAllAvailable());
        publish(crashed, name, "1");
        before.awaitTexts("1");
        crashed.getNatsConnection().close(); // no CloseRequest: the server learns of it from the socket

        StreamingConnection again = open(name, through);
        Received after = subscribe(again, name, options().durableName("d"));
        publish(again, name, "2");
        after.awaitTexts("2");
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcceptTheClientIdAgainAfterAClose(Through through) throws Exception {
        for (int i = 0; i < 5; i++) {
            open("again-" + through, through).close();
        }
    }

    @Test
    void shouldGetNoAnswerWhenTheClusterIdIsForeign() throws Exception {
        io.nats.streaming.Options options = new io.nats.streaming.Options.Builder()
                .natsConn(clients().nats("foreign", cluster().awaitLeader()))
                .connectWait(Duration.ofMillis(500))
                .build();
        assertThatThrownBy(() -> io.nats.streaming.NatsStreaming.connect("another-cluster", "foreign", options))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("connect request timeout");
    }

    @Test
    void shouldCarryCoreRequestsBetweenNodes() throws Exception {
        io.nats.client.Connection service =
                clients().nats("service", cluster().nodes().get(0));
        service.createDispatcher(request -> service.publish(request.getReplyTo(), request.getData()))
                .subscribe("echo");
        service.flush(Duration.ofSeconds(5));
        io.nats.client.Connection asker =
                clients().nats("asker", cluster().nodes().get(1));

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(asker.request("echo", "hello".getBytes(UTF_8), Duration.ofSeconds(1)))
                        .isNotNull()
                        .satisfies(answer -> assertThat(answer.getData()).isEqualTo("hello".getBytes(UTF_8))));
    }
}
