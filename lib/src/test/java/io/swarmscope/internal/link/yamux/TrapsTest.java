package io.swarmscope.internal.link.yamux;

import static io.swarmscope.internal.link.yamux.RawPeer.ACK;
import static io.swarmscope.internal.link.yamux.RawPeer.DATA;
import static io.swarmscope.internal.link.yamux.RawPeer.FIN;
import static io.swarmscope.internal.link.yamux.RawPeer.GOAWAY;
import static io.swarmscope.internal.link.yamux.RawPeer.PING;
import static io.swarmscope.internal.link.yamux.RawPeer.RST;
import static io.swarmscope.internal.link.yamux.RawPeer.SYN;
import static io.swarmscope.internal.link.yamux.RawPeer.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.host.HostException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What breaks interoperability in practice, frame by frame. The numbers are those of the table in the wire digest. */
class TrapsTest {
    private static final Duration TIME = Duration.ofSeconds(30);

    @Test
    void trap1EveryFrameWeSendHasOneFlagAtMost() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream theirs = peer.open(1);
            peer.data(FIN, 1, (byte) 7);
            theirs.finish(new byte[] {1, 2, 3});
            theirs.close();
            YamuxStream ours = peer.session.open(TIME);
            ours.finish(new byte[] {4});
            YamuxStream reset = peer.session.open(TIME);
            reset.output().write(5);
            reset.reset();
            peer.session.close(YamuxSession.NORMAL);
            while (peer.nextOfAll().type() != GOAWAY) {
                // up to the last
            }
            byte[] written = ours(peer);
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(written));
            int frames = 0;
            while (in.available() > 0) {
                in.readUnsignedByte();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedShort();
                in.readInt();
                int length = in.readInt();
                in.skipNBytes(type == DATA ? length : 0);
                assertThat(Integer.bitCount(flags)).as("flags %d of a frame of type %d", flags, type).isLessThanOrEqualTo(1);
                frames++;
            }
            assertThat(frames).isGreaterThanOrEqualTo(8);
        }
    }

    private static byte[] ours(RawPeer peer) {
        return peer.sessionChannel.written();
    }

    @Test
    void trap1EveryCombinationOfFlagsIsUnderstood() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.data(SYN | FIN, 1, (byte) 9);
            YamuxStream stream = peer.listening.nextInbound();
            stream.timeout(TIME);
            assertThat(stream.input().readAllBytes()).containsExactly(9);
            stream.finish(new byte[] {1});
            peer.expect(WINDOW, ACK, 1, 0);
            peer.expectData(1, (byte) 1);
            peer.expect(DATA, FIN, 1, 0);

            YamuxStream ours = peer.session.open(TIME);
            ours.finish(new byte[] {2});
            peer.expect(WINDOW, SYN, 2, 0);
            peer.expectData(2, (byte) 2);
            peer.expect(DATA, FIN, 2, 0);
            peer.data(ACK | FIN, 2, (byte) 3, (byte) 4);
            assertThat(ours.input().readAllBytes()).containsExactly(3, 4);

            peer.send(WINDOW, SYN | FIN, 3, 0);
            assertThat(peer.listening.nextInbound().input().read()).isEqualTo(-1);
            peer.send(WINDOW, SYN | RST, 5, 0);
            peer.send(DATA, SYN | FIN | RST, 7, 0);
            peer.expectAlive();
            assertThat(peer.listening.inbound).isEmpty();
        }
    }

    @Test
    void trap1AStreamIsOpenedByAWindowUpdateAndAcknowledgedByOne() throws Exception {
        try (RawPeer peer = RawPeer.ofClient()) {
            YamuxStream ours = peer.session.open(TIME);
            ours.output().flush();
            peer.expect(WINDOW, SYN, 1, 0);
            peer.open(2);
        }
    }

    @Test
    void trap2FinAndRstCountOnWindowUpdatesToo() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream one = peer.open(1);
            peer.data(0, 1, (byte) 1);
            peer.send(WINDOW, FIN, 1, 0);
            assertThat(one.input().readAllBytes()).containsExactly(1);
            YamuxStream three = peer.open(3);
            peer.send(WINDOW, RST, 3, 0);
            assertKind(() -> three.input().read(), HostException.Kind.STREAM_RESET);
        }
    }

    @Test
    void trap3TheErrorCodeOfAResetIsNoCredit() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream stream = peer.open(1);
            peer.send(WINDOW, 0, 1, 0x7fff_ffff);
            peer.send(WINDOW, RST, 1, 0xffff_ffff);
            assertKind(() -> stream.input().read(), HostException.Kind.STREAM_RESET);
            peer.expectAlive();
        }
    }

    @Test
    void trap4TheFirstBytesCountAgainstTheCreditAndNeverMoreIsSent() throws Exception {
        try (RawPeer peer = RawPeer.ofClient()) {
            YamuxStream stream = peer.session.open(TIME);
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(stream, 300_000));
            peer.expect(WINDOW, SYN, 1, 0);
            int received = 0;
            while (received < 256 * 1024) {
                received += peer.next().length();
            }
            assertThat(received).isEqualTo(256 * 1024);
            peer.expectAlive();
            assertThat(written).isNotDone();
            peer.send(WINDOW, ACK, 1, 1000);
            assertThat(peer.next().length()).isEqualTo(1000);
            peer.send(WINDOW, 0, 1, 1 << 20);
            written.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void trap4TheCreditOfTheOpeningFrameIsCountedOnTopOfTheInitialWindow() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.send(WINDOW, SYN, 1, 50_000);
            YamuxStream stream = peer.listening.nextInbound();
            stream.timeout(TIME);
            write(stream, 256 * 1024 + 50_000);
            peer.expect(WINDOW, ACK, 1, 0);
        }
    }

    @Test
    void trap5StreamsBeyondOurOwnLimitWaitInsteadOfBeingOpened() throws Exception {
        try (RawPeer peer = new RawPeer(true, YamuxConfig.DEFAULT.withStreams(8, 2, 2))) {
            YamuxStream first = peer.session.open(TIME);
            peer.session.open(TIME);
            assertKind(() -> peer.session.open(Duration.ofMillis(20)), HostException.Kind.LIMIT_REACHED);
            CompletableFuture<YamuxStream> waiting = CompletableFuture.supplyAsync(() -> open(peer.session));
            first.close();
            assertThat(waiting.get(30, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void trap6UnacknowledgedStreamsAreFewAndTimeOut() throws Exception {
        YamuxConfig config = YamuxConfig.DEFAULT
                .withStreams(8, 8, 1)
                .withStreamTimes(Duration.ofSeconds(1), TIME, TIME);
        try (RawPeer peer = new RawPeer(true, config)) {
            YamuxStream swallowed = peer.session.open(TIME);
            swallowed.finish(new byte[0]);
            peer.expect(WINDOW, SYN, 1, 0);
            assertKind(() -> peer.session.open(Duration.ofMillis(10)), HostException.Kind.LIMIT_REACHED);
            assertKind(() -> swallowed.input().read(), HostException.Kind.TIMED_OUT);
            peer.expect(DATA, FIN, 1, 0);
            peer.expect(DATA, RST, 1, 0);
            YamuxStream second = peer.session.open(TIME);
            second.output().flush();
            peer.expect(WINDOW, SYN, 3, 0);
            peer.send(WINDOW, ACK, 3, 0);
            // An acknowledged stream may stay unanswered for as long as its owner likes.
            peer.session.open(TIME);
            peer.expectAlive();
        }
    }

    @Test
    void trap6AnInboundStreamIsAcknowledgedEvenIfNobodyTouchesIt() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.send(WINDOW, SYN, 1, 0);
            peer.expect(WINDOW, ACK, 1, 0);
        }
    }

    @Test
    void trap6AnyFrameAcknowledgesAStream() throws Exception {
        try (RawPeer peer = new RawPeer(true, YamuxConfig.DEFAULT.withStreams(8, 8, 1))) {
            YamuxStream stream = peer.session.open(TIME);
            stream.output().flush();
            peer.expect(WINDOW, SYN, 1, 0);
            peer.data(0, 1, (byte) 1);
            peer.session.open(TIME);
        }
    }

    @Test
    void trap7EachPingIsAnsweredOnceWithItsValueAndPongsAreNeverInvented() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            for (int value : new int[] {0, -1, 42, 42}) {
                peer.send(PING, SYN, 0, value);
                peer.expect(PING, ACK, 0, value);
            }
            peer.send(PING, ACK, 0, 99);
            peer.expectAlive();
        }
    }

    @Test
    void trap8WindowUpdatesAfterTheEndAreDiscarded() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream stream = peer.open(1);
            peer.data(FIN, 1);
            stream.finish(new byte[0]);
            peer.expect(DATA, FIN, 1, 0);
            await().until(() -> peer.session.streams() == 0);
            peer.send(WINDOW, 0, 1, 100);
            peer.send(WINDOW, FIN, 1, 100);
            peer.send(WINDOW, RST, 1, 100);
            peer.data(0, 1, (byte) 1);
            peer.data(0, 999, (byte) 1);
            peer.send(WINDOW, ACK, 1000, 5);
            peer.expectAlive();
        }
    }

    @Test
    void trap9BytesThatCameBeforeAResetAreDelivered() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream stream = peer.open(1);
            peer.data(0, 1, (byte) 1, (byte) 2);
            peer.send(DATA, RST, 1, 0);
            peer.expectAlive();
            assertThat(stream.input().readNBytes(2)).containsExactly(1, 2);
            assertKind(() -> stream.input().read(), HostException.Kind.STREAM_RESET);
            assertKind(() -> stream.output().write(1), HostException.Kind.STREAM_RESET);
        }
    }

    @Test
    void trap9AnAnswerThatIsCompleteBeforeTheResetIsRead() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream stream = peer.open(1);
            peer.data(FIN, 1, (byte) 1, (byte) 2);
            peer.send(DATA, RST, 1, 0);
            peer.expectAlive();
            assertThat(stream.input().readAllBytes()).containsExactly(1, 2);
        }
    }

    @Test
    void trap9ClosingAfterTheLastBytesSendsFinAndNoReset() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream stream = peer.open(1);
            stream.output().write(new byte[] {1, 2, 3});
            stream.close();
            peer.expectData(1, (byte) 1, (byte) 2, (byte) 3);
            peer.expect(DATA, FIN, 1, 0);
            peer.data(0, 1, (byte) 1);
            peer.data(FIN, 1);
            peer.expectAlive();
            await().until(() -> peer.session.streams() == 0);
        }
    }

    @Test
    void trap9AClosedStreamIsResetOnlyWhenThePeerDoesNotEndItForLong() throws Exception {
        YamuxConfig config = YamuxConfig.DEFAULT.withStreamTimes(TIME, TIME, Duration.ofMillis(150));
        try (RawPeer peer = new RawPeer(false, config)) {
            YamuxStream stream = peer.open(1);
            peer.data(0, 1, new byte[200_000]);
            stream.close();
            peer.expect(DATA, FIN, 1, 0);
            assertKind(() -> stream.input().read(), HostException.Kind.STREAM_RESET);
            peer.data(0, 1, new byte[62_000]);
            peer.expect(DATA, RST, 1, 0);
            // Within the window: the reset may have been sent before the stream was forgotten.
            peer.data(0, 1, new byte[100]);
            peer.expectAlive();
            assertThat(peer.session.heldBytes()).isZero();
        }
    }

    @Test
    void trap10FinMayComeAtAnyTimeAndSeveralTimes() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream stream = peer.open(1);
            peer.data(FIN, 1, (byte) 1);
            peer.send(DATA, FIN, 1, 0);
            peer.send(WINDOW, FIN, 1, 0);
            peer.expectAlive();
            assertThat(stream.input().readAllBytes()).containsExactly(1);
            stream.finish(new byte[] {2});
            peer.expectData(1, (byte) 2);
            peer.expect(DATA, FIN, 1, 0);
            peer.send(DATA, FIN, 1, 0);
            peer.expectAlive();
        }
    }

    @Test
    void trap11PingsAreAnsweredWhileNobodyReadsAFullStream() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.open(1);
            for (int i = 0; i < 16; i++) {
                peer.data(0, 1, new byte[16 * 1024]);
            }
            peer.expectAlive();
        }
    }

    @Test
    void framesOfTheSizeOthersSendAreRead() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream stream = peer.open(1);
            byte[] body = new byte[256 * 1024];
            Arrays.fill(body, (byte) 3);
            peer.data(FIN, 1, body);
            assertThat(stream.input().readAllBytes()).isEqualTo(body);
        }
    }

    private static void write(YamuxStream stream, int bytes) {
        try {
            stream.output().write(ByteBuffer.allocate(bytes).array());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static YamuxStream open(YamuxSession session) {
        try {
            return session.open(TIME);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static void assertKind(ThrowingCallable call, HostException.Kind kind) {
        assertThatThrownBy(call).isInstanceOfSatisfying(HostException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
