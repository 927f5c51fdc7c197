package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.peer.Promised;
import io.stanchion.raftsm.cipher.Encryption;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromiseBookTest {
    private static final Promised ASKED = Promised.getDefaultInstance();

    @TempDir
    private Path folder;

    private DataDirectory data;
    private PromiseBook book;

    @BeforeEach
    void open() throws IOException {
        data = DataDirectory.open(folder, "orders", "a", Encryption.off(), 1);
        book = new PromiseBook(data);
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    @Test
    void shouldRememberTheMostThatWasPromised() throws IOException {
        book.keep("b", "birth", told(1, 0, 7, 100));
        book.keep("b", "birth", told(2, 0, 8, 90));
        assertThat(book.keep("b", "birth", ASKED)).isEqualTo(told(2, 0, 8, 100));
        assertThat(book.keep("c", "birth", ASKED)).isEqualTo(ASKED);
    }

    @Test
    void shouldForgetWhatALogHadWhenItIsBegunAnew() throws IOException {
        book.keep("b", "birth", told(1, 0, 7, 100));
        book.keep("b", "birth", told(2, 2, 5, 60));
        book.keep("b", "birth", told(1, 0, 7, 100)); // late
        assertThat(book.keep("b", "birth", ASKED)).isEqualTo(told(2, 2, 5, 60));
    }

    @Test
    void shouldKnowOnlyTheIncarnationOfANodeThatWasEmptied() throws IOException {
        book.keep("b", "birth", told(1, 0, 7, 100));
        assertThat(book.keep("b", "another birth", ASKED)).isEqualTo(told(1, 0, 0, 0));
    }

    @Test
    void shouldKnowTheIncarnationsStillWhenItStartsAnew() throws IOException {
        book.keep("b", "birth", told(9, 3, 7, 100));
        assertThat(new PromiseBook(data).keep("b", "birth", ASKED)).isEqualTo(told(9, 0, 0, 0));
    }

    @Test
    void shouldKnowWhoHasSaidThatItsDiskIsShort() throws IOException {
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
