package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LikenessTest {
    private static final long SEED = 4_711;

    @Test
    void oneErrorIsForgivenInWordsOfFiveLetters() {
        assertThat(like("jackson", "jackson")).isTrue();
        assertThat(like("jakson", "jackson")).as("one too few").isTrue();
        assertThat(like("jackkson", "jackson")).as("one too many").isTrue();
        assertThat(like("jacksan", "jackson")).as("another").isTrue();
        assertThat(like("ajckson", "jackson")).as("swapped at the beginning").isTrue();
        assertThat(like("jacskon", "jackson")).as("swapped in the middle").isTrue();
        assertThat(like("jacksno", "jackson")).as("swapped at the end").isTrue();
        assertThat(like("ackson", "jackson")).as("the first is missing").isTrue();
        assertThat(like("jaksan", "jackson")).as("two errors").isFalse();
        assertThat(like("jsno", "json")).as("four letters").isFalse();
        assertThat(like("log4k", "log4j")).as("four letters and a digit").isFalse();
    }

    @Test
    void anotherDigitIsAnotherThing() {
        assertThat(like("junit4", "junit5")).isFalse();
        assertThat(like("junit55", "junit5")).isFalse();
        assertThat(like("junit12", "junit21")).isFalse();
        assertThat(like("jumit5", "junit5")).isTrue();
    }

    @Test
    void whatWasTypedRightIsMoreAlikeThanALongerWordThanAMistypedOne() {
        assertThat(Likeness.of("spring", "spring")).isEqualTo(1);
        assertThat(Likeness.of("sprin", "spring")).isGreaterThan(Likeness.of("spri", "spring")).isLessThan(1);
        assertThat(Likeness.of("s", "springframework")).isGreaterThan(Likeness.of("string", "spring"));
        assertThat(Likeness.of("spring", "sprin")).isEqualTo(Likeness.MISTYPED);
    }

    @Test
    void errorsAreCountedAsTheTableOfAllBeginningsCountsThem() {
        Random random = new Random(SEED);
        for (int i = 0; i < 30_000; i++) {
            String asked = word(random);
            String word = random.nextInt(4) == 0 ? word(random) : Corpus.mistyped(random, Corpus.mistyped(random, asked));
            assertThat(Likeness.of(asked, word) > 0).as("seed %d: %s and %s", SEED, asked, word).isEqualTo(Oracle.isLike(asked, word));
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = 3 + random.nextInt(6); i > 0; i--) {
            word.append("abc1".charAt(random.nextInt(4)));
        }
        return word.toString();
    }

    private static boolean like(String asked, String word) {
        return Likeness.of(asked, word) > 0;
    }
}
