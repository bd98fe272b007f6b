package io.swarmscope.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TextTest {
    @ParameterizedTest
    @CsvSource({"500ms, 500", "5s, 5000", "2m, 120000", "1h, 3600000"})
    void durationsAreReadAsPeopleWriteThem(String text, long millis) {
        assertThat(new Durations().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "PT5S", "99999999999s"})
    void otherDurationsAreRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> new Durations().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("500ms");
    }

    @ParameterizedTest
    @CsvSource({"123, 0.1 ms", "9000, 9.0 ms", "12345, 12 ms", "999900, 1.0 s", "3400000, 3.4 s", "125000000, 2 min 5 s"})
    void timesAreShort(long micros, String text) {
        assertThat(Text.time(Duration.ofNanos(micros * 1_000))).isEqualTo(text);
    }

    @Test
    void cuttingKeepsWithinTheWidthAndNeverSplitsACharacter() {
        assertThat(Text.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Text.cut("abcdefg", 6)).isEqualTo("abc...");
        assertThat(Text.cutLeft("abcdefg", 6)).isEqualTo("...efg");
        assertThat(Text.cut("ab\ud83d\ude00cdef", 6)).isEqualTo("ab...");
        assertThat(Text.cutLeft("abcdef\ud83d\ude00gh", 6)).isEqualTo("...gh");
    }

    @Test
    void wrappingBreaksAtBlanksAndLosesNothing() {
        assertThat(Text.wrap("one two three", 8)).containsExactly("one two", "three");
        assertThat(Text.wrap("unbreakable", 4)).containsExactly("unbr", "eaka", "ble");
        assertThat(Text.wrap("", 4)).isEmpty();
    }
}
