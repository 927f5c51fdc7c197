package io.stanchion.raftsm.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelPatternTest {
    @ParameterizedTest
    @CsvSource({
        "a,a,true",
        "a,b,false",
        "a,a.b,false",
        "a.b,a,false",
        "*,a,true",
        "*,a.b,false",
        "a.*,a.b,true",
        "a.*,a,false",
        "a.*,a.b.c,false",
        "*.b,a.b,true",
        "*.b,a.c,false",
        ">,a,true",
        ">,a.b.c,true",
        "a.>,a,false",
        "a.>,a.b,true",
        "a.>,a.b.c,true",
        "a.>,b.c,false",
        "a.*.>,a.b.c,true",
        "a.*.>,a.b,false",
        // among patterns
        ">,>,true",
        ">,*,true",
        "*,>,false",
        "a.>,a.*,true",
        "a.*,a.>,false",
        "*.*,a.*,true",
        "a.*,*.*,false"
    })
    void shouldCoverWhatItStandsFor(String pattern, String name, boolean covers) {
        assertThat(ChannelPattern.of(pattern).covers(ChannelPattern.of(name))).isEqualTo(covers);
    }

    @Test
    void shouldBeInTheOrderOfTheirRank() {
        List<String> ranked = List.of("a", "a.b", "a.b.*", "a.*", "a.*.c", "a.>", "b", "*", "*.a", "*.*", "*.>", ">");
        assertThat(Stream.of("*.>", "a.>", ">", "*.*", "a.*.c", "b", "a.b.*", "*", "a", "a.*", "*.a", "a.b")
                        .map(ChannelPattern::of)
                        .sorted()
                        .map(ChannelPattern::text))
                .containsExactlyElementsOf(ranked);
    }

    @ParameterizedTest
    @CsvSource({
        "a,true",
        "a.b,true",
        "*,true",
        ">,true",
        "a.*.b,true",
        "a.>,true",
        "'',false",
        ".,false",
        "a..b,false",
        "a.,false",
        "a*,false",
        "a.>.b,false",
        "a/b,false"
    })
    void shouldKnowWhatCanBeAName(String text, boolean valid) {
        assertThat(ChannelPattern.isValid(text)).isEqualTo(valid);
    }
}
