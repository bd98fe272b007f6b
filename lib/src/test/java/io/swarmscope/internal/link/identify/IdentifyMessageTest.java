package io.swarmscope.internal.link.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IdentifyMessageTest {
    private static final Multiaddr ONE = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    private static final Multiaddr TWO = Multiaddr.parse("/ip6/::1/tcp/4002");

    @Test
    void fieldsHaveTheNumbersOfTheSpecification() {
        IdentifyMessage message = new IdentifyMessage(
                new byte[] {1}, List.of(ONE), List.of("/a", "/b"), TWO, "v", "agent", new byte[] {2});
        assertThat(HexFormat.of().formatHex(message.encoded()))
                .isEqualTo("0a0101" + "1208047f000001060fa1" + "1a022f61" + "1a022f62"
                        + "2214" + "2900000000000000000000000000000001060fa2" + "2a0176" + "32056167656e74" + "420102");
    }

    @Test
    void whatIsEncodedIsReadBack() throws Exception {
        IdentifyMessage message = new IdentifyMessage(
                new byte[] {1}, List.of(ONE, TWO), List.of("/a", "/b"), TWO, "v", "agent", new byte[] {2});
        IdentifyMessage read = IdentifyMessage.EMPTY.with(message.encoded());
        assertThat(read).usingRecursiveComparison().isEqualTo(message);
        assertThat(IdentifyMessage.EMPTY.with(new byte[0]))
                .usingRecursiveComparison()
                .isEqualTo(IdentifyMessage.EMPTY);
    }

    @Test
    void severalMessagesAreMergedListsGrowingAndTheLastValueCounting() throws Exception {
        IdentifyMessage first = new IdentifyMessage(null, List.of(ONE), List.of("/a"), null, "v1", null, null);
        IdentifyMessage second = new IdentifyMessage(null, List.of(ONE, TWO), List.of("/b"), null, "v2", "agent", null);
        IdentifyMessage merged = Identify.readAll(frames(first.encoded(), second.encoded()));
        assertThat(merged.listenAddresses()).containsExactly(ONE, TWO);
        assertThat(merged.protocols()).containsExactly("/a", "/b");
        assertThat(merged.protocolVersion()).isEqualTo("v2");
        assertThat(merged.agentVersion()).isEqualTo("agent");
    }

    @Test
    void addressesAndProtocolsThatCannotBeUsedAreSkipped() throws Exception {
        byte[] message = new ProtoWriter()
                .bytes(2, new byte[] {(byte) 0xff, 0x7f, 1})
                .bytes(2, new byte[0])
                .bytes(2, ONE.toBytes())
                .string(3, "/" + "x".repeat(140))
                .string(3, "/good")
                .bytes(4, new byte[] {9, 9, 9})
                .bytes(77, new byte[5])
                .toBytes();
        IdentifyMessage read = IdentifyMessage.EMPTY.with(message);
        assertThat(read.listenAddresses()).containsExactly(ONE);
        assertThat(read.protocols()).containsExactly("/good");
        assertThat(read.observedAddress()).isNull();
    }

    @Test
    void aFloodIsCutAtTheLimits() throws Exception {
        IdentifyMessage read = IdentifyMessage.EMPTY;
        for (int part = 0; part < 8; part++) {
            ProtoWriter out = new ProtoWriter();
            for (int i = 0; i < 100; i++) {
                out.bytes(2, Multiaddr.parse("/ip4/10.0." + part + "." + i + "/tcp/1").toBytes());
                out.string(3, "/p/" + part + "/" + i);
            }
            read = read.with(out.string(6, "a".repeat(1000)).toBytes());
        }
        assertThat(read.listenAddresses()).hasSize(Limits.IDENTIFY_ADDRESSES);
        assertThat(read.protocols()).hasSize(Limits.IDENTIFY_PROTOCOLS);
        assertThat(read.agentVersion()).hasSize(Limits.AGENT_VERSION_CHARS);
    }

    @Test
    void anAgentVersionCannotCarryControlCharacters() throws Exception {
        byte[] message = new ProtoWriter().string(6, "evil\u001b[2J\n\u202e\u00e9\ud83d\ude00").toBytes();
        assertThat(IdentifyMessage.EMPTY.with(message).agentVersion()).isEqualTo("evil?[2J??\u00e9\ud83d\ude00");
    }

    @Test
    void tooMuchIsAViolation() {
        assertThatThrownBy(() -> Identify.readAll(frames(new byte[8193]))).isInstanceOf(MalformedException.class);
        byte[][] eleven = new byte[11][0];
        assertThatThrownBy(() -> Identify.readAll(frames(eleven))).isInstanceOf(MalformedException.class);
        byte[] padding = new ProtoWriter().bytes(77, new byte[8180]).toBytes();
        byte[][] nine = {padding, padding, padding, padding, padding, padding, padding, padding, padding};
        assertThatThrownBy(() -> Identify.readAll(frames(nine))).isInstanceOf(MalformedException.class);
    }

    @Test
    void silenceAndHalfAMessageAreNotAnAnswer() {
        assertThatThrownBy(() -> Identify.readAll(new ByteArrayInputStream(new byte[0])))
                .isInstanceOf(HostException.class);
        assertThatThrownBy(() -> Identify.readAll(new ByteArrayInputStream(new byte[] {5, 1, 2})))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void aPeerThatResetsInsteadOfClosingHasToldWhatItTold() throws Exception {
        byte[] message = new ProtoWriter().string(6, "nabu").toBytes();
        InputStream reset = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new HostException(HostException.Kind.STREAM_RESET, "reset");
            }
        };
        assertThat(Identify.readAll(new SequenceInputStream(frames(message), reset)).agentVersion())
                .isEqualTo("nabu");
        assertThatThrownBy(() -> Identify.readAll(reset)).isInstanceOf(HostException.class);
    }

    @Test
    void randomBytesNeverCauseAnythingButMalformed() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AtomicInteger readable = new AtomicInteger();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            try {
                IdentifyMessage.EMPTY.with(bytes);
                readable.incrementAndGet();
            } catch (MalformedException e) {
                continue;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", bytes " + HexFormat.of().formatHex(bytes), e);
            }
        }
        assertThat(readable).as("seed " + seed).hasPositiveValue();
    }

    static InputStream frames(byte[]... messages) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            Frames.write(out, message);
        }
        return new ByteArrayInputStream(out.toByteArray());
    }
}
