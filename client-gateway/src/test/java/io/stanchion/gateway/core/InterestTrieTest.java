package io.stanchion.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterestTrieTest {
    private final Router router = new Router();

    @ParameterizedTest
    @CsvSource({
        "foo,foo,true",
        "foo,foo.a,false",
        "foo.*,foo.a,true",
        "foo.*,foo,false",
        "foo.*,foo.a.b,false",
        "foo.>,foo,false",
        "foo.>,foo.a,true",
        "foo.>,foo.a.b,true",
        "*,foo,true",
        "*,foo.a,false",
        ">,foo.a.b,true",
        ">,$SYS.x,true",
        "*.b,a.b,true",
        "*.*,a.b,true",
        "foo*,foo*,true",
        "foo*,foox,false",
        "f>o,f>o,true",
        "foo.*,foo.*,true",
        "foo.>,foo.*,true",
        "foo.bar,foo.*,false",
        "foo.bar,foo.>,false",
        ">,a..b,false",
        ">,.a,false",
        ">,a.,false",
        "Foo,foo,false",
    })
    void shouldMatchAsTheProtocolSays(String pattern, String subject, boolean expected) {
        router.subscribe(Subject.of(pattern), null, Scope.CLUSTER, message -> true);

        assertThat(router.hasInterest(Subject.of(subject))).isEqualTo(expected);
        assertThat(NaiveRouter.matches(pattern, subject)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"a,true", "a.*.>,true", ">,true", "a..b,false", ".a,false", "a.,false", "a.>.b,false", ">.a,false"})
    void shouldKnowAPatternFromAMistake(String text, boolean expected) {
        assertThat(Subject.of(text).isPattern()).isEqualTo(expected);
    }

    @Test
    void shouldNotTakeAnEmptyTextForASubject() {
        assertThat(Subject.of("").isPattern()).isFalse();
        assertThat(Subject.of("").isLiteral()).isFalse();
        assertThat(Subject.of("").hasEmptyToken()).isTrue();
    }

    @Test
    void shouldBeEmptyAgainWhenAllHaveGone() {
        List<Interest> interests = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            interests.add(router.subscribe(Subject.of("_INBOX." + i + ".*"), null, Scope.CLUSTER, message -> true));
            interests.add(router.subscribe(Subject.of("q." + i + ".>"), Subject.of("g"), Scope.CLUSTER, m -> true));
        }
        assertThat(router.hasInterest(Subject.of("_INBOX.2999.x"))).isTrue();

        interests.forEach(Interest::close);
        interests.forEach(Interest::close);

        assertThat(router.trie().isEmpty()).isTrue();
    }

    @Test
    void shouldKeepVeryManyChildrenSomeOfThemWithEqualHashes() {
        List<TrieNode> nodes = new ArrayList<>();
        TokenMap map = TokenMap.EMPTY;
        for (int i = 0; i < 200_000; i++) { // so many that a few 32-bit hashes meet
            TrieNode node = TrieNode.newNode(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
            nodes.add(node);
            map = map.with(node);
        }
        TokenMap full = map;
        assertThat(nodes.stream().allMatch(node -> isIn(full, node))).isTrue();
        for (TrieNode node : nodes) {
            map = map.without(node);
            if (isIn(map, node)) {
                throw new AssertionError("kept " + new String(node.token(), StandardCharsets.US_ASCII));
            }
        }
        assertThat(map.isEmpty()).isTrue();
    }

    @Test
    void shouldAgreeWithTheNaiveMatcherWhateverComesAndGoes() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        Map<Interest, String> live = new LinkedHashMap<>();
        List<String> delivered = new ArrayList<>();
        RouteCache cache = new RouteCache(router, 16);
        for (int step = 0; step < 6000; step++) {
            if (random.nextInt(3) > 0 || live.isEmpty()) {
                String pattern = randomText(random, true);
                String name = pattern + "#" + step;
                if (Subject.of(pattern).isPattern()) {
                    live.put(
                            router.subscribe(Subject.of(pattern), null, Scope.CLUSTER, message -> delivered.add(name)),
                            name);
                }
            } else {
                Interest victim = new ArrayList<>(live.keySet()).get(random.nextInt(live.size()));
                victim.close();
                live.remove(victim);
            }
            compare(randomText(random, false), live, delivered, cache, seed);
        }
        new ArrayList<>(live.keySet()).forEach(Interest::close);
        assertThat(router.trie().isEmpty()).isTrue();
    }

    private void compare(
            String subject, Map<Interest, String> live, List<String> delivered, RouteCache cache, long seed) {
        Set<String> expected = live.values().stream()
                .filter(name -> NaiveRouter.matches(name.substring(0, name.indexOf('#')), subject))
                .collect(Collectors.toCollection(TreeSet::new));
        delivered.clear();
        Message message = new Message(Subject.of(subject), null, 0, Unpooled.EMPTY_BUFFER);
        assertThat(router.publish(message)).isEqualTo(!expected.isEmpty());
        assertSame(delivered, expected, seed);

        delivered.clear();
        Route route =
                cache.find(message.subject().asByteBuf(), 0, message.subject().length());
        router.publish(message, route);
        assertSame(delivered, expected, seed);
    }

    private static void assertSame(List<String> delivered, Set<String> expected, long seed) {
        assertThat(delivered).as("repeat with -Dseed=" + seed).hasSameSizeAs(expected);
        assertThat(new TreeSet<>(delivered)).as("repeat with -Dseed=" + seed).isEqualTo(expected);
    }

    private static boolean isIn(TokenMap map, TrieNode node) {
        TrieNode found = map.get(node.hash(), node.token(), 0, node.token().length);
        return found != null && found.hasTokenOf(node);
    }

    private static String randomText(Random random, boolean wildcards) {
        String[] tokens = wildcards
                ? new String[] {"a", "b", "c", "*", ">", "ab", ""}
                : new String[] {"a", "b", "c", "ab", "a", "b", "c", "*", ""};
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ".")
                    .append(tokens[random.nextInt(tokens.length - (random.nextInt(9) > 0 ? 1 : 0))]);
        }
        return text.toString();
    }
}
