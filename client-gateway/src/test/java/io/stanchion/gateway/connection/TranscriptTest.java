package io.stanchion.gateway.connection;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each transcript is played whole, byte by byte, and cut once at every place. */
class TranscriptTest {
    @TestFactory
    Stream<DynamicTest> shouldFollowTheTranscript() throws IOException, URISyntaxException {
        List<Transcript> transcripts = Transcript.readAll(Path.of(
                Objects.requireNonNull(getClass().getResource("/transcripts")).toURI()));
        return transcripts.stream().flatMap(TranscriptTest::waysOfPlaying);
    }

    private static Stream<DynamicTest> waysOfPlaying(Transcript transcript) {
        return Stream.of(
                dynamicTest(transcript.name() + ", whole", () -> new Conversation(transcript, at -> false).play()),
                dynamicTest(transcript.name() + ", bytes", () -> new Conversation(transcript, at -> true).play()),
                dynamicTest(transcript.name() + ", cut", () -> playCutAtEveryPlace(transcript)));
    }

    private static void playCutAtEveryPlace(Transcript transcript) throws Exception {
        for (int place = 0; place < transcript.clientBytes(); place++) {
            int cut = place;
            new Conversation(transcript, at -> at == cut).play();
        }
    }
}
