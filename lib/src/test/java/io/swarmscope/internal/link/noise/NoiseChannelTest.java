package io.swarmscope.internal.link.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.PeerId;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.SecureChannel;
import io.swarmscope.internal.wire.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NoiseChannelTest {
    private static final String YAMUX = "/yamux/1.0.0";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final long seed = System.nanoTime();
    private final Identity alice = Identity.generate(RANDOM);
    private final Identity bob = Identity.generate(RANDOM);
    private final NoiseStatic aliceStatic = NoiseStatic.create(alice, RANDOM);
    private final NoiseStatic bobStatic = NoiseStatic.create(bob, RANDOM);

    @Test
    void bothSidesLearnWhoTheOtherIs() throws Exception {
        SecureChannel[] ends = connect(aliceStatic, bobStatic);
        assertThat(ends[0].remote()).isEqualTo(bob.peerId());
        assertThat(ends[1].remote()).isEqualTo(alice.peerId());
        assertThat(ends[0].remoteKey()).isEqualTo(bob.publicKey());
        SecureChannel[] again = connect(aliceStatic, bobStatic);
        assertThat(again[0].remoteKey()).as("remembered").isSameAs(ends[0].remoteKey());
    }

    @Test
    void bytesArriveInOrderHoweverTheyAreCut() throws Exception {
        SecureChannel[] ends = connect(aliceStatic, bobStatic);
        CompletableFuture<byte[]> there = transfer(ends[0], ends[1], new Random(seed), 3_000_000);
        CompletableFuture<byte[]> back = transfer(ends[1], ends[0], new Random(seed + 1), 3_000_000);
        assertThat(Pair.get(there)).as("seed %d", seed).isEqualTo(bytes(new Random(seed), 3_000_000));
        assertThat(Pair.get(back)).as("seed %d", seed).isEqualTo(bytes(new Random(seed + 1), 3_000_000));
    }

    @Test
    void theChannelsStreamsCarryTheSameBytes() throws Exception {
        SecureChannel[] ends = connect(aliceStatic, bobStatic);
        ends[0].output().write(1);
        ends[0].output().write(new byte[] {2, 3});
        InputStream in = ends[1].input();
        assertThat(in.read()).isEqualTo(1);
        assertThat(in.readNBytes(2)).containsExactly(2, 3);
        ends[0].close();
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void anotherPeerThanTheExpectedOneIsRefusedBeforeItLearnsWhoDials() throws Exception {
        Pair pair = new Pair(seed);
        PeerId expected = Identity.generate(RANDOM).peerId();
        CompletableFuture<NoiseChannel> listener = pair.listen(bobStatic);
        assertThatThrownBy(() -> Pair.get(pair.dial(aliceStatic, expected)))
                .isInstanceOfSatisfying(HostException.class, e -> {
                    assertThat(e.kind()).isEqualTo(HostException.Kind.WRONG_PEER);
                    assertThat(e)
                            .hasMessageContainingAll(
                                    expected.toString(), bob.peerId().toString());
                });
        assertFailsHandshake(listener);
    }

    @Test
    void theExpectedPeerIsAccepted() throws Exception {
        Pair pair = new Pair(seed);
        CompletableFuture<NoiseChannel> listener = pair.listen(bobStatic);
        assertThat(Pair.get(pair.dial(aliceStatic, bob.peerId())).remote()).isEqualTo(bob.peerId());
        Pair.get(listener);
    }

    @Test
    void aMuxerIsAgreedOnEarlyOnlyIfBothListIt() throws Exception {
        assertEarly(List.of(YAMUX), List.of(YAMUX), true);
        assertEarly(List.of(YAMUX), List.of(), false);
        assertEarly(List.of(), List.of(YAMUX), false);
        assertEarly(List.of(), List.of(), false);
        assertEarly(List.of(YAMUX), List.of("/mplex/6.7.0"), false);
        assertEarly(List.of(YAMUX), List.of("/mplex/6.7.0", YAMUX), true);
    }

    @Test
    void aLazyProposalTravelsWithTheFirstMessage() throws Exception {
        Pair pair = new Pair(seed);
        byte[] proposal = "proposal".getBytes(StandardCharsets.US_ASCII);
        byte[] echo = "echo".getBytes(StandardCharsets.US_ASCII);
        CompletableFuture<NoiseChannel> dialer = pair.dial(aliceStatic, bob.peerId(), prelude(proposal, echo.length));
        CompletableFuture<NoiseChannel> listener = Pair.async(() -> {
            assertThat(pair.toListener.in().readNBytes(proposal.length)).isEqualTo(proposal);
            assertThat(pair.toListener.writes())
                    .as("one write for proposal and message")
                    .isEqualTo(1);
            pair.toDialer.out().write(echo);
            return NoiseChannel.respond(pair.toListener.in(), pair.toDialer.out(), bobStatic);
        });
        assertThat(Pair.get(dialer).remote()).isEqualTo(bob.peerId());
        assertThat(Pair.get(listener).remote()).isEqualTo(alice.peerId());
    }

    @Test
    void aProposalThatIsRefusedFailsAsThePreludeSays() {
        Pair pair = new Pair(seed);
        HostException refusal = new HostException(HostException.Kind.PROTOCOL_UNSUPPORTED, "na");
        Prelude prelude = new Prelude() {
            @Override
            public byte[] opening() {
                return new byte[1];
            }

            @Override
            public void readReply(InputStream in) throws IOException {
                throw refusal;
            }
        };
        assertThatThrownBy(() -> Pair.get(pair.dial(aliceStatic, null, prelude)))
                .isSameAs(refusal);
    }

    @Test
    void oneWriteCarriesUpToTwoFullFrames() throws Exception {
        Pair pair = new Pair(seed);
        CompletableFuture<NoiseChannel> listener = pair.listen(bobStatic);
        NoiseChannel dialer = Pair.get(pair.dial(aliceStatic, null));
        NoiseChannel reader = Pair.get(listener);
        for (int length : new int[] {1, 1006, 1007, 65519, 65520, 131038}) {
            assertThat(writesFor(pair, dialer, reader, length))
                    .as("%d bytes", length)
                    .isEqualTo(1);
        }
        assertThat(writesFor(pair, dialer, reader, 131039)).isEqualTo(2);
        assertThat(writesFor(pair, dialer, reader, 0)).isZero();
    }

    @Test
    void idleChannelsHoldOnlySmallBuffers() throws Exception {
        Pair pair = new Pair(seed);
        CompletableFuture<NoiseChannel> listener = pair.listen(bobStatic);
        NoiseChannel dialer = Pair.get(pair.dial(aliceStatic, null));
        NoiseChannel reader = Pair.get(listener);
        for (int i = 0; i < 20; i++) {
            writesFor(pair, dialer, reader, 500_000);
        }
        CompletableFuture<Integer> waiting = Pair.async(() -> reader.read(new byte[10], 0, 10));
        dialer.write(new byte[1], 0, 1);
        assertThat(Pair.get(waiting)).isEqualTo(1);
        assertThat(reader.bufferBytes()).isEqualTo(2 * Buffers.SMALL);
    }

    @Test
    void closingEndsAReadThatWaits() throws Exception {
        SecureChannel[] ends = connect(aliceStatic, bobStatic);
        CompletableFuture<Integer> waiting = Pair.async(() -> ends[0].read(new byte[1], 0, 1));
        ends[0].close();
        ends[0].close();
        assertThat(Pair.get(waiting)).isEqualTo(-1);
    }

    @Test
    void aChannelWhoseWriteFailedStaysFailed() throws Exception {
        SecureChannel[] ends = connect(aliceStatic, bobStatic);
        ends[1].close();
        assertThatThrownBy(() -> ends[0].write(new byte[1], 0, 1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ends[0].write(new byte[1], 0, 1)).hasMessageContaining("failed before");
    }

    private SecureChannel[] connect(NoiseStatic dialer, NoiseStatic listener) throws Exception {
        Pair pair = new Pair(seed);
        CompletableFuture<NoiseChannel> other = pair.listen(listener);
        return new SecureChannel[] {Pair.get(pair.dial(dialer, null)), Pair.get(other)};
    }

    private void assertEarly(List<String> ours, List<String> theirs, boolean early) throws Exception {
        SecureChannel[] ends =
                connect(NoiseStatic.create(alice, ours, RANDOM), NoiseStatic.create(bob, theirs, RANDOM));
        assertThat(ends[0].remoteMuxers()).isEqualTo(theirs);
        assertThat(ends[1].remoteMuxers()).isEqualTo(ours);
        assertThat(ends[0].earlyMuxer(YAMUX)).isEqualTo(early);
        assertThat(ends[1].earlyMuxer(YAMUX)).isEqualTo(early);
    }

    private static int writesFor(Pair pair, NoiseChannel writer, NoiseChannel reader, int length) throws Exception {
        int before = pair.toListener.writes();
        writer.write(new byte[length], 0, length);
        int writes = pair.toListener.writes() - before;
        assertThat(reader.input().readNBytes(length)).hasSize(length);
        return writes;
    }

    private static CompletableFuture<byte[]> transfer(SecureChannel from, SecureChannel to, Random data, int total) {
        byte[] sent = bytes(data, total);
        AtomicInteger at = new AtomicInteger();
        Random cuts = new Random(data.nextLong());
        Pair.async(() -> {
            while (at.get() < total) {
                int count = Math.min(total - at.get(), 1 + cuts.nextInt(cuts.nextBoolean() ? 300_000 : 300));
                from.write(sent, at.getAndAdd(count), count);
            }
            return null;
        });
        return Pair.async(() -> {
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            while (received.size() < total) {
                byte[] buffer = new byte[1 + cuts.nextInt(100_000)];
                int count = to.read(buffer, 0, buffer.length);
                assertThat(count).isPositive();
                received.write(buffer, 0, count);
            }
            return received.toByteArray();
        });
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Prelude prelude(byte[] opening, int replyLength) {
        return new Prelude() {
            @Override
            public byte[] opening() {
                return opening;
            }

            @Override
            public void readReply(InputStream in) throws IOException {
                if (in.readNBytes(replyLength).length < replyLength) {
                    throw new MalformedException("no reply");
                }
            }
        };
    }

    private static void assertFailsHandshake(CompletableFuture<NoiseChannel> end) {
        assertThatThrownBy(() -> Pair.get(end))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.kind()).isEqualTo(HostException.Kind.HANDSHAKE_FAILED));
    }
}
