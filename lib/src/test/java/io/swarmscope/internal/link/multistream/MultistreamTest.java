package io.swarmscope.internal.link.multistream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.wire.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The numbers of traps are those of the table in the wire digest. */
class MultistreamTest {
    private static final String HEADER = "132f6d756c746973747265616d2f312e302e300a";
    private static final String NA = "036e610a";
    private static final String NOISE = "072f6e6f6973650a";
    private static final String YAMUX = "0d2f79616d75782f312e302e300a";

    private final Writes out = new Writes();

    /** Remembers each write. */
    private static final class Writes extends OutputStream {
        final List<String> hex = new ArrayList<>();

        @Override
        public void write(int b) {
            throw new AssertionError("single bytes are packets of their own");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            hex.add(HexFormat.of().formatHex(bytes, offset, offset + length));
        }
    }

    private static InputStream in(String... hex) {
        return new ByteArrayInputStream(HexFormat.of().parseHex(String.join("", hex)));
    }

    /** One byte at a time, and never more known to be there. */
    private static InputStream trickling(String... hex) {
        InputStream all = in(hex);
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return all.read();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return all.read(target, offset, Math.min(1, length));
            }
        };
    }

    private static String text(String message) {
        byte[] bytes = (message + "\n").getBytes(StandardCharsets.UTF_8);
        String length = bytes.length < 128
                ? "%02x".formatted(bytes.length)
                : "%02x%02x".formatted(bytes.length & 127 | 128, bytes.length >> 7);
        return length + HexFormat.of().formatHex(bytes);
    }

    @Test
    void theDialerSendsHeaderAndFirstProposalInOneWrite() throws Exception {
        InputStream in = in(HEADER, NOISE, "aabb");
        assertThat(Multistream.select(in, out, List.of("/noise"))).isEqualTo("/noise");
        assertThat(out.hex).containsExactly(HEADER + NOISE);
        assertThat(in.readAllBytes()).as("what follows is left alone").hasSize(2);
    }

    @Test
    void theDialerProposesTheNextAfterARefusal() throws Exception {
        InputStream in = in(HEADER, NA, YAMUX);
        assertThat(Multistream.select(in, out, List.of("/noise", "/yamux/1.0.0"))).isEqualTo("/yamux/1.0.0");
        assertThat(out.hex).containsExactly(HEADER + NOISE, YAMUX);
    }

    @Test
    void theDialerLearnsThatNothingIsSupported() {
        assertThatThrownBy(() -> Multistream.select(in(HEADER, NA, NA), out, List.of("/noise", "/yamux/1.0.0")))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.kind()).isEqualTo(Kind.PROTOCOL_UNSUPPORTED));
    }

    @Test
    void theDialerToleratesARepeatedHeader() throws Exception {
        assertThat(Multistream.select(in(HEADER, HEADER, NOISE), out, List.of("/noise"))).isEqualTo("/noise");
    }

    @Test
    void theDialerDoesNotWaitForEverBehindHeaders() {
        assertThatThrownBy(() -> Multistream.select(in(HEADER.repeat(100)), out, List.of("/noise")))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void anythingElseThanEchoOrRefusalIsMalformed() {
        for (String answer : List.of(YAMUX, text("ls"), text("/noisy"), "00", "012f", "ff00", "808080808080808080", "81086161")) {
            assertThatThrownBy(() -> Multistream.select(in(HEADER, answer), out, List.of("/noise")))
                    .as(answer)
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> Multistream.select(in(NOISE), out, List.of("/noise"))).isInstanceOf(MalformedException.class);
    }

    @Test
    void anAnswerCutAnywhereIsAnEndOfStream() {
        byte[] whole = HexFormat.of().parseHex(HEADER + NOISE);
        for (int length = 0; length < whole.length; length++) {
            InputStream in = new ByteArrayInputStream(whole, 0, length);
            assertThatThrownBy(() -> Multistream.select(in, out, List.of("/noise"))).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void trap12TheListenerReadsNoByteBehindTheAcceptedProposal() throws Exception {
        InputStream in = in(HEADER, NOISE, "0020aabbcc");
        assertThat(Multistream.respond(in, out, "/noise"::equals)).isEqualTo("/noise");
        assertThat(in.readAllBytes()).hasSize(5);
        assertThat(out.hex).containsExactly(HEADER + NOISE);
    }

    @Test
    void theListenerSendsItsHeaderToADialerThatWaitsForIt() throws Exception {
        assertThat(Multistream.respond(trickling(HEADER, NOISE), out, "/noise"::equals)).isEqualTo("/noise");
        assertThat(out.hex).containsExactly(HEADER, NOISE);
    }

    @Test
    void theListenerRefusesUntilOneMatches() throws Exception {
        InputStream in = in(HEADER, YAMUX, NOISE);
        assertThat(Multistream.respond(in, out, "/noise"::equals)).isEqualTo("/noise");
        assertThat(out.hex).containsExactly(HEADER + NA, NOISE);
    }

    @Test
    void theListenerAnswersLsAndSimultaneousConnectWithNa() throws Exception {
        InputStream in = in(HEADER, text("ls"), text("/libp2p/simultaneous-connect"), NOISE);
        assertThat(Multistream.respond(in, out, "/noise"::equals)).isEqualTo("/noise");
        assertThat(out.hex).containsExactly(HEADER + NA, NA, NOISE);
    }

    @Test
    void trap15ANameWithoutSlashIsRefusedEvenIfSomebodyWouldTakeIt() throws Exception {
        assertThat(Multistream.respond(in(HEADER, text("noise")), out, name -> true)).isNull();
        assertThat(out.hex).containsExactly(HEADER + NA);
        assertThatThrownBy(() -> Multistream.lazyProposal("noise")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Multistream.lazyProposal("/a\nb")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Multistream.lazyProposal("/" + "x".repeat(140))).isInstanceOf(IllegalArgumentException.class);
        assertThat(Multistream.lazyProposal("/" + "x".repeat(139))).hasSize(20 + 2 + 141);
    }

    @Test
    void trap16TheHeaderIsSentOnceAndARepeatedOneTolerated() throws Exception {
        InputStream in = in(HEADER, HEADER, YAMUX, HEADER, NOISE);
        assertThat(Multistream.respond(in, out, "/noise"::equals)).isEqualTo("/noise");
        assertThat(out.hex).containsExactly(HEADER + NA, NOISE);
    }

    @Test
    void afterARefusalLeavingOrGarbageIsNoViolation() throws Exception {
        for (String rest : List.of("", "0d2f", "ffffffffffffffffffff", "00", "0161", "9108" + "61".repeat(1041))) {
            assertThat(Multistream.respond(in(HEADER, YAMUX, rest), out, "/noise"::equals)).as(rest).isNull();
        }
    }

    @Test
    void beforeARefusalGarbageIsMalformed() {
        for (String bytes : List.of("00", "0161", "81080a", NOISE, HEADER + "00", HEADER + "0161", HEADER + "8108")) {
            assertThatThrownBy(() -> Multistream.respond(in(bytes), out, "/noise"::equals))
                    .as(bytes)
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void proposalsAreFew() {
        assertThatThrownBy(() -> Multistream.respond(in(HEADER, YAMUX.repeat(33)), out, "/noise"::equals))
                .isInstanceOf(MalformedException.class);
        assertThat(out.hex).hasSize(32);
    }

    @Test
    void namesMayHaveAKibibyteWithTheirNewline() throws Exception {
        String longest = "/" + "x".repeat(1022);
        assertThat(Multistream.respond(in(HEADER, text(longest)), out, longest::equals)).isEqualTo(longest);
        assertThatThrownBy(() -> Multistream.respond(in(HEADER, text(longest + "x")), out, name -> true))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void theEchoNeedsNoReader() throws Exception {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new HostException(Kind.STREAM_RESET, "gone");
            }
        };
        InputStream in = in(HEADER, NOISE, "01");
        assertThat(Multistream.respond(in, gone, "/noise"::equals)).isEqualTo("/noise");
        assertThat(in.read()).isEqualTo(1);
    }

    @Test
    void aLazyProposalAndItsEcho() throws Exception {
        assertThat(HexFormat.of().formatHex(Multistream.lazyProposal("/noise"))).isEqualTo(HEADER + NOISE);
        InputStream in = in(HEADER, NOISE, "01");
        Multistream.readLazyEcho(in, "/noise");
        assertThat(in.read()).isEqualTo(1);
        assertThatThrownBy(() -> Multistream.readLazyEcho(in(HEADER, NA), "/noise"))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.kind()).isEqualTo(Kind.PROTOCOL_UNSUPPORTED));
        assertThatThrownBy(() -> Multistream.readLazyEcho(in(HEADER), "/noise")).isInstanceOf(EOFException.class);
    }

    @Test
    void whateverComesEndsInAnAnswerOrATypedFailure() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (String part : List.of(HEADER, NA, YAMUX, HEADER, NOISE)) {
                if (random.nextInt(3) > 0) {
                    bytes.writeBytes(HexFormat.of().parseHex(part));
                }
            }
            byte[] all = bytes.toByteArray();
            for (int k = random.nextInt(4); k > 0 && all.length > 0; k--) {
                all[random.nextInt(all.length)] = (byte) random.nextInt();
            }
            InputStream toDialer = new ByteArrayInputStream(all, 0, random.nextInt(all.length + 1));
            InputStream toListener = new ByteArrayInputStream(all);
            try {
                assertThat(Multistream.respond(toListener, out, "/noise"::equals)).isIn("/noise", null);
                assertThat(Multistream.select(toDialer, out, List.of("/yamux/1.0.0", "/noise"))).startsWith("/");
            } catch (MalformedException | EOFException | HostException e) {
                // Typed.
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + i, e);
            }
        }
    }
}
