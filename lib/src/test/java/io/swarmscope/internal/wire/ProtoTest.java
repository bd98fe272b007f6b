package io.swarmscope.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtoTest {

    @Test
    void fieldsAreReadAsTheyWereWritten() throws MalformedException {
        byte[] message = sample();
        ProtoReader in = ProtoReader.of(message);
        assertThat(in.next()).isEqualTo(1);
        assertThat(in.varint()).isEqualTo(300);
        assertThat(in.next()).isEqualTo(2);
        assertThat(in.bytes(3)).containsExactly(1, 2, 3);
        assertThat(in.next()).isEqualTo(3);
        assertThat(in.string(10)).isEqualTo("grün");
        assertThat(in.next()).isEqualTo(4);
        ProtoReader inner = in.message();
        assertThat(inner.next()).isEqualTo(1);
        assertThat(inner.varint()).isEqualTo(-1);
        assertThat(inner.next()).isZero();
        assertThat(in.next()).isEqualTo(5);
        assertThat(in.varint(1)).isZero();
        assertThat(in.next()).isZero();
    }

    @Test
    void zeroAndEmptyValuesAreWritten() {
        byte[] bytes = new ProtoWriter().varint(1, 0).bytes(2, new byte[0]).toBytes();
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("08001200");
    }

    @Test
    void fieldsNobodyReadsAreSkippedWhateverTheirType() throws MalformedException {
        // 1: varint, 2: fixed64, 3: fixed32, 4: bytes, 5: varint
        ProtoReader in = proto("08ac02" + "110102030405060708" + "1d01020304" + "2203aabbcc" + "2801");
        List<Integer> fields = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            fields.add(field);
        }
        assertThat(fields).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void aSkippedMessageIsNotLookedInto() throws MalformedException {
        ProtoReader in = proto("0a03ffffff" + "1001");
        in.next();
        in.message(); // its content is nonsense, which only its reader would notice
        assertThat(in.next()).isEqualTo(2);
    }

    @Test
    void valuesAboveTheirLimitAreRefused() {
        assertThatThrownBy(() -> at("0a04aabbccdd").bytes(3)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> at("0a04aabbccdd").string(3)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> at("0805").varint(4)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> at("08ffffffffffffffffff01").varint(4)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aLengthBeyondTheMessageAllocatesNothing() {
        assertThatThrownBy(() -> at("0affffffff07").bytes(Integer.MAX_VALUE)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> at("0affffffff0f").bytes(Integer.MAX_VALUE)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> at("0affffffff07").message()).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> skipAll(proto("0a80808080f8ffffffff01"))).isInstanceOf(MalformedException.class);
    }

    @Test
    void groupsFieldZeroAndWrongTypesAreRefused() {
        for (String bad : new String[] {"0b", "0c", "00", "02", "07", "80808080808080808080", "0f"}) {
            assertThatThrownBy(() -> proto(bad).next()).as(bad).isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> at("0801").bytes(9)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> at("0a00").varint()).isInstanceOf(MalformedException.class);
    }

    @Test
    void aStringThatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> at("0a02c328").string(9)).isInstanceOf(MalformedException.class);
    }

    @Test
    void deepNestingDoesNotRecurse() throws MalformedException {
        ProtoWriter message = new ProtoWriter();
        for (int depth = 0; depth < 2000; depth++) {
            message = new ProtoWriter().message(1, message);
        }
        ProtoReader in = ProtoReader.of(message.toBytes());
        int depth = 0;
        while (in.next() != 0) {
            in = in.message();
            depth++;
        }
        assertThat(depth).isEqualTo(2000);
    }

    @Test
    void noiseNeverFailsOtherwise() {
        Mangler.attack(sample(), bytes -> {
            ProtoReader in = ProtoReader.of(bytes);
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 1 -> in.varint();
                    case 2 -> in.bytes(1000);
                    case 3 -> in.string(1000);
                    case 4 -> {
                        ProtoReader inner = in.message();
                        while (inner.next() != 0) {
                            inner.skip();
                        }
                    }
                    default -> in.skip();
                }
            }
        });
    }

    private static void skipAll(ProtoReader in) throws MalformedException {
        while (in.next() != 0) {
            in.skip();
        }
    }

    private static byte[] sample() {
        return new ProtoWriter()
                .varint(1, 300)
                .bytes(2, new byte[] {1, 2, 3})
                .string(3, "grün")
                .message(4, new ProtoWriter().varint(1, -1))
                .varint(5, 0)
                .toBytes();
    }

    private static ProtoReader proto(String hex) {
        return ProtoReader.of(HexFormat.of().parseHex(hex));
    }

    private static ProtoReader at(String hex) throws MalformedException {
        ProtoReader in = proto(hex);
        in.next();
        return in;
    }
}
