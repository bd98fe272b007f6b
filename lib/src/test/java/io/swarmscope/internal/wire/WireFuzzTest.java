package io.swarmscope.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What all messages are made of. */
class WireFuzzTest {
    private static final int FRAME = 300;

    private static Stream<byte[]> hex(String... texts) {
        return Stream.of(texts).map(HexFormat.of()::parseHex);
    }

    static Stream<byte[]> varints() {
        return hex("00", "7f", "8001", "8000", "ffffffffffffffff7f", "ffffffffffffffffff01", "ff");
    }

    @MethodSource("varints")
    @FuzzTest
    void varint(byte[] bytes) {
        Optional<Long> value = Fuzzed.decoded(bytes, all -> Varint.read(ByteBuffer.wrap(all)));
        assertThat(Fuzzed.decoded(bytes, all -> Varint.read(new ByteArrayInputStream(all)))).isEqualTo(value);
        value.ifPresent(read -> {
            byte[] shortest = Varint.of(read);
            assertThat(Arrays.copyOf(bytes, shortest.length)).as("there is one form of %d", read).isEqualTo(shortest);
        });
    }

    static Stream<byte[]> frames() {
        return hex("00", "0161027a7a", "ac02", "ad02", "ffffffffffffffff7f", "8080808080808080808001", "05616263");
    }

    @MethodSource("frames")
    @FuzzTest
    void frame(byte[] bytes) {
        int at = 0;
        for (byte[] frame : Fuzzed.decoded(bytes, WireFuzzTest::framesOf).orElseThrow()) {
            byte[] whole = Frames.prefixed(frame);
            assertThat(Arrays.copyOfRange(bytes, at, at + whole.length)).isEqualTo(whole);
            at += whole.length;
        }
    }

    /** Those in front of the first that is none, or of the end. */
    private static List<byte[]> framesOf(byte[] bytes) {
        List<byte[]> frames = new ArrayList<>();
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try {
            for (byte[] frame; (frame = Frames.readOrEnd(in, FRAME)) != null; ) {
                frames.add(frame);
            }
        } catch (MalformedException | EOFException e) {
            return frames;
        } catch (IOException e) {
            throw new AssertionError("not one of the documented kinds", e);
        }
        return frames;
    }

    static Stream<byte[]> messages() {
        ProtoWriter all = new ProtoWriter().varint(1, -1).bytes(2, new byte[3]).message(3, new ProtoWriter().string(1, "x"));
        return Stream.concat(
                Stream.of(all.toBytes()),
                // A number behind 2^29, fixed values, a group, an end of one, a length of 2^31 and more, a varint of eleven bytes.
                hex("f8ffffff0f01", "0d00000000110000000000000000", "0b0c", "0c", "0affffffff0f", "0aff80808010", "08ffffffffffffffffffff01", "00"));
    }

    /** What is a message for us is the same one for the library; we refuse more, groups for example. */
    @MethodSource("messages")
    @FuzzTest
    void protoMessage(byte[] bytes) {
        Fuzzed.decoded(bytes, WireFuzzTest::counts).ifPresent(counts -> {
            TreeMap<Integer, Integer> theirs = new TreeMap<>();
            try {
                UnknownFieldSet.parseFrom(bytes).asMap().forEach((number, field) -> theirs.put(number, sizeOf(field)));
            } catch (IOException e) {
                throw new AssertionError("accepted here only", e);
            }
            assertThat(counts).isEqualTo(theirs);
        });
        Fuzzed.decoded(bytes, all -> values(ProtoReader.of(all), 0));
    }

    private static int sizeOf(UnknownFieldSet.Field field) {
        return field.getVarintList().size()
                + field.getFixed32List().size()
                + field.getFixed64List().size()
                + field.getLengthDelimitedList().size();
    }

    private static TreeMap<Integer, Integer> counts(byte[] bytes) throws MalformedException {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        ProtoReader in = ProtoReader.of(bytes);
        for (int field = in.next(); field != 0; field = in.next()) {
            counts.merge(field, 1, Integer::sum);
        }
        return counts;
    }

    /** Reads each field as its number says. */
    private static int values(ProtoReader in, int depth) throws MalformedException {
        int sum = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field % 6) {
                case 0 -> sum += Long.hashCode(in.varint());
                case 1 -> sum += in.varint(FRAME);
                case 2 -> sum += in.bytes(FRAME).length;
                case 3 -> sum += depth > 20 ? 0 : values(in.message(), depth + 1);
                case 4 -> sum += in.string(FRAME).length();
                default -> in.skip();
            }
        }
        return sum;
    }

    static Stream<byte[]> multihashes() {
        return Stream.of(Multihash.sha256(new byte[0]).toBytes(), Multihash.identity(new byte[] {8, 1}).toBytes(), new byte[] {0x12, 0});
    }

    @MethodSource("multihashes")
    @FuzzTest
    void multihash(byte[] bytes) {
        Fuzzed.decoded(bytes, IllegalArgumentException.class, Multihash::ofBytes)
                .ifPresent(hash -> assertThat(hash.toBytes()).isEqualTo(bytes));
    }
}
