package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.peer.Promised;
import org.junit.jupiter.api.Test;

class PromiseBookTest {
    private static final Promised ASKED = Promised.getDefaultInstance();

    private final PromiseBook book = new PromiseBook();

    @Test
    void shouldRememberTheMostThatWasPromised() {
        book.keep("b", "birth", told(1, 0, 7, 100));
        book.keep("b", "birth", told(2, 0, 8, 90));
        assertThat(book.keep("b", "birth", ASKED)).isEqualTo(told(2, 0, 8, 100));
        assertThat(book.keep("c", "birth", ASKED)).isEqualTo(ASKED);
    }

    @Test
    void shouldForgetWhatALogHadWhenItIsBegunAnew() {
        book.keep("b", "birth", told(1, 0, 7, 100));
        book.keep("b", "birth", told(2, 2, 5, 60));
        book.keep("b", "birth", told(1, 0, 7, 100)); // late
        assertThat(book.keep("b", "birth", ASKED)).isEqualTo(told(2, 2, 5, 60));
    }

    @Test
    void shouldNotTakeAnEmptiedNodeForTheOneThatItWas() {
        book.keep("b", "birth", told(1, 0, 7, 100));
        assertThat(book.keep("b", "another birth", ASKED)).isEqualTo(ASKED);
    }

    @Test
    void shouldKnowWhoHasSaidThatItsDiskIsShort() {
        assertThat(book.isShort("b") || book.hasRoom("b")).isFalse();
        book.keep(
                "b",
                "birth",
                told(1, 0, 7, 100).toBuilder().setDiskIsShort(true).build());
        assertThat(book.isShort("b")).isTrue();
        book.keep("b", "birth", told(1, 0, 7, 100));
        assertThat(book.hasRoom("b")).isTrue();
    }

    private static Promised told(long incarnation, long logSince, long term, long index) {
        return Promised.newBuilder()
                .setIncarnation(incarnation)
                .setLogSince(logSince)
                .setTerm(term)
                .setIndex(index)
                .build();
    }
}
