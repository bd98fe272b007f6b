package io.swarmscope.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class VarintTest {

    @Test
    void valuesHaveTheBytesOfTheSpecification() {
        assertThat(hex(0)).isEqualTo("00");
        assertThat(hex(1)).isEqualTo("01");
        assertThat(hex(127)).isEqualTo("7f");
        assertThat(hex(128)).isEqualTo("8001");
        assertThat(hex(255)).isEqualTo("ff01");
        assertThat(hex(300)).isEqualTo("ac02");
        assertThat(hex(16384)).isEqualTo("808001");
        assertThat(hex(Long.MAX_VALUE)).isEqualTo("ffffffffffffffff7f");
    }

    @Test
    void everyValueIsReadAsItWasWritten() {
        qt().forAll(longs().between(0, Long.MAX_VALUE)).check(value -> {
            byte[] bytes = Varint.of(value);
            return bytes.length == Varint.size(value) && fromStream(bytes) == value && fromBuffer(bytes) == value;
        });
    }

    @Test
    void longFormsOfShortValuesAreRefused() {
        for (String bytes : new String[] {"8000", "ff00", "808000"}) {
            assertRefused(bytes, "shortest");
        }
    }

    @Test
    void tenBytesAreRefusedWithoutReadingOn() {
        assertRefused("ffffffffffffffffff01", "9 bytes");
        assertRefused("80808080808080808080808080808080", "9 bytes");
    }

    @Test
    void aStreamThatEndsInsideSaysSo() {
        assertThatThrownBy(() -> fromStream(bytes(""))).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> fromStream(bytes("80"))).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> fromBuffer(bytes("80"))).isInstanceOf(MalformedException.class);
    }

    @Test
    void nothingBehindTheVarintIsConsumed() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes("ac02ff"));
        assertThat(Varint.read(in)).isEqualTo(300);
        assertThat(in.available()).isEqualTo(1);
    }

    @Test
    void negativeValuesAreRefused() {
        assertThatThrownBy(() -> Varint.of(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Varint.size(Long.MIN_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(String hex, String why) {
        assertThatThrownBy(() -> fromStream(bytes(hex)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> fromBuffer(bytes(hex)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
    }

    private static long fromStream(byte[] bytes) {
        try {
            return Varint.read(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw sneaky(e);
        }
    }

    private static long fromBuffer(byte[] bytes) {
        try {
            return Varint.read(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw sneaky(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable e) throws E {
        throw (E) e;
    }

    private static String hex(long value) {
        return HexFormat.of().formatHex(Varint.of(value));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
