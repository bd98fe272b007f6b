package io.swarmscope.internal.link.yamux;

import static io.swarmscope.internal.link.yamux.RawPeer.ACK;
import static io.swarmscope.internal.link.yamux.RawPeer.DATA;
import static io.swarmscope.internal.link.yamux.RawPeer.FIN;
import static io.swarmscope.internal.link.yamux.RawPeer.GOAWAY;
import static io.swarmscope.internal.link.yamux.RawPeer.PING;
import static io.swarmscope.internal.link.yamux.RawPeer.RST;
import static io.swarmscope.internal.link.yamux.RawPeer.SYN;
import static io.swarmscope.internal.link.yamux.RawPeer.WINDOW;
import static io.swarmscope.internal.link.yamux.TrapsTest.assertKind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.wire.Limits;
import java.io.EOFException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Peers that break the protocol, flood, or go away in the middle. */
class ViolationTest {
    private static final Duration TIME = Duration.ofSeconds(10);

    @Test
    void anotherVersionIsAViolation() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.sendBytes(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
            assertThat(peer.expectViolation()).contains("version 1");
        }
    }

    @Test
    void anUnknownTypeIsAViolation() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.send(4, 0, 0, 0);
            assertThat(peer.expectViolation()).contains("type 4");
        }
    }

    @Test
    void openingALiveStreamIsAViolation() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.open(1);
            peer.send(WINDOW, SYN, 1, 0);
            assertThat(peer.expectViolation()).contains("opened twice");
        }
    }

    @Test
    void openingAStreamWithOurParityIsAViolation() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.send(DATA, SYN, 2, 0);
            assertThat(peer.expectViolation()).contains("not the peer's");
        }
        try (RawPeer peer = RawPeer.ofClient()) {
            peer.send(DATA, SYN, 1, 0);
            assertThat(peer.expectViolation()).contains("not the peer's");
        }
    }

    @Test
    void streamZeroIsAViolation() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.data(0, 0, (byte) 1);
            assertThat(peer.expectViolation()).contains("stream 0");
        }
    }

    @Test
    void aFrameThatNobodyWouldSendIsAViolationBeforeItsBodyComes() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.send(DATA, 0, 1, Limits.YAMUX_FRAME + 1);
            assertThat(peer.expectViolation()).contains("frame of " + (Limits.YAMUX_FRAME + 1));
        }
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.send(DATA, 0, 1, 0xffff_ffff);
            assertThat(peer.expectViolation()).contains("4294967295");
        }
    }

    @Test
    void overrunningTheWindowIsAViolationBeforeTheBodyComes() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.send(DATA, SYN, 1, 256 * 1024 + 1);
            assertThat(peer.expectViolation()).contains("overruns the window");
        }
    }

    @Test
    void overrunningTheWindowInSmallPiecesIsAViolation() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.open(1);
            for (int i = 0; i < 256; i++) {
                peer.data(0, 1, new byte[1024]);
            }
            peer.expectAlive();
            peer.data(0, 1, (byte) 1);
            assertThat(peer.expectViolation()).contains("overruns the window");
        }
    }

    @Test
    void moreCreditThanFourGibibytesIsAViolation() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            peer.open(1);
            peer.send(WINDOW, 0, 1, 0xffff_ffff - 256 * 1024);
            peer.expectAlive();
            peer.send(WINDOW, 0, 1, 1);
            assertThat(peer.expectViolation()).contains("2^32");
        }
    }

    @Test
    void pingsFasterThanPongsAreReadAreAViolation() throws Exception {
        var pair = MemoryChannel.pair(64);
        var listening = new Listening();
        var session = new YamuxSession(pair.get(0), false, YamuxConfig.DEFAULT, listening, "test");
        session.start();
        byte[] ping = {0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7};
        AtomicInteger sent = new AtomicInteger();
        Thread flood = Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    pair.get(1).write(ping, 0, ping.length);
                    sent.incrementAndGet();
                }
            } catch (Exception e) {
                // The session has had enough.
            }
        });
        // Nobody reads, so our goodbye cannot be sent either; the clock closes the channel.
        assertThat(listening.awaitClosed()).hasMessageContaining("pings");
        flood.join();
        assertThat(listening.violations).hasSize(1);
        assertThat(sent.get())
                .as("pings whose pongs wait, and some under way")
                .isBetween(Limits.YAMUX_PONGS, 2 * Limits.YAMUX_PONGS);
    }

    @Test
    void streamsOpenedAndResetInALoopByAPeerThatDoesNotReadAreAViolation() throws Exception {
        var pair = MemoryChannel.pair(64);
        var listening = new Listening();
        var session = new YamuxSession(pair.get(0), false, YamuxConfig.DEFAULT, listening, "test");
        session.start();
        Thread flood = Thread.startVirtualThread(() -> {
            try {
                for (int id = 1; ; id += 2) {
                    byte[] frames = new byte[24];
                    Frame.put(frames, 0, DATA, SYN, id, 0);
                    Frame.put(frames, 12, DATA, RST, id, 0);
                    pair.get(1).write(frames, 0, frames.length);
                }
            } catch (Exception e) {
                // The session has had enough.
            }
        });
        assertThat(listening.awaitClosed()).hasMessageContaining("faster than our answers");
        flood.join();
        assertThat(listening.inbound.size()).as("handlers that were started").isLessThanOrEqualTo(512);
    }

    @Test
    void streamsBeyondTheLimitAreResetAndTheOthersLiveOn() throws Exception {
        try (RawPeer peer = new RawPeer(false, YamuxConfig.DEFAULT.withStreams(2, 2, 2))) {
            YamuxStream one = peer.open(1);
            peer.open(3);
            peer.data(SYN, 5, (byte) 1);
            peer.expect(DATA, RST, 5, 0);
            peer.data(0, 5, (byte) 2);
            one.finish(new byte[0]);
            peer.expect(DATA, FIN, 1, 0);
            peer.data(FIN, 1);
            await().until(() -> peer.session.streams() == 1);
            peer.open(7);
        }
    }

    @Test
    void aPeerThatResetsWhatItOpensCannotStartMoreHandlersThanTwiceTheLimit() throws Exception {
        try (RawPeer peer = new RawPeer(false, YamuxConfig.DEFAULT.withStreams(2, 2, 2))) {
            for (int id = 1; id < 9; id += 2) {
                peer.open(id);
                peer.send(DATA, RST, id, 0);
            }
            peer.data(SYN, 9);
            peer.expect(DATA, RST, 9, 0);
            assertThat(peer.session.streams()).isZero();
        }
    }

    @Test
    void theEndInsideAFrameIsAFailureNoViolation() throws Exception {
        for (int length = 1; length < 12 + 5; length++) {
            try (RawPeer peer = RawPeer.ofServer()) {
                byte[] frame = new byte[12 + 5];
                Frame.put(frame, 0, DATA, SYN, 1, 5);
                peer.sendBytes(Arrays.copyOf(frame, length));
                peer.channel.end();
                Throwable end = peer.listening.awaitClosed();
                assertThat(end).isInstanceOf(HostException.class).hasCauseInstanceOf(EOFException.class);
                assertThat(peer.listening.violations).isEmpty();
            }
        }
    }

    @Test
    void theEndInsideALargeFrameLeavesWhatCameReadable() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream stream = peer.open(1);
            peer.send(DATA, 0, 1, 200_000, new byte[100_000]);
            peer.channel.end();
            peer.listening.awaitClosed();
            assertThat(stream.input().readNBytes(100_000)).hasSize(100_000);
            assertKind(() -> stream.input().read(), Kind.CONNECTION_CLOSED);
        }
    }

    @Test
    void afterAGoodbyeNoStreamIsOpenedAndTheOpenOnesDrain() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            YamuxStream stream = peer.open(1);
            peer.send(GOAWAY, 0, 0, 0);
            peer.expectNotOpen();
            assertKind(() -> peer.session.open(TIME), Kind.CONNECTION_CLOSED);
            peer.data(FIN, 1, (byte) 5);
            assertThat(stream.input().readAllBytes()).containsExactly(5);
            stream.finish(new byte[] {6});
            peer.expectData(1, (byte) 6);
            peer.expect(DATA, FIN, 1, 0);
            assertThat(peer.listening.awaitClosed())
                    .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONNECTION_CLOSED));
            peer.expect(GOAWAY, 0, 0, 0);
        }
    }

    @Test
    void aGoodbyeWithAnErrorCodeEndsTheSession() throws Exception {
        for (int code : new int[] {1, 2, 0x1002}) {
            try (RawPeer peer = RawPeer.ofServer()) {
                YamuxStream stream = peer.open(1);
                peer.send(GOAWAY, 0, 0, code);
                assertThat(peer.listening.awaitClosed()).hasMessageContaining("code " + code);
                assertKind(() -> stream.input().read(), Kind.CONNECTION_CLOSED);
                assertThat(peer.listening.violations).isEmpty();
            }
        }
    }

    @Test
    void aPeerThatIsSilentAfterAPingIsGivenUp() throws Exception {
        YamuxConfig config =
                YamuxConfig.DEFAULT.withLiveness(Duration.ofMillis(20), Duration.ofSeconds(2), Duration.ofSeconds(10));
        try (RawPeer peer = new RawPeer(false, config)) {
            assertThat(peer.nextOfAll().type()).isEqualTo(PING);
            assertThat(peer.listening.awaitClosed()).hasMessageContaining("silent");
        }
    }

    @Test
    void aPeerThatTakesNoBytesIsGivenUp() throws Exception {
        YamuxConfig config =
                YamuxConfig.DEFAULT.withLiveness(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofMillis(100));
        var pair = MemoryChannel.pair(64);
        var listening = new Listening();
        var session = new YamuxSession(pair.get(0), true, config, listening, "test");
        session.start();
        YamuxStream stream = session.open(TIME);
        stream.output().write(new byte[1000]);
        assertThat(listening.awaitClosed()).hasMessageContaining("took no bytes");
        assertKind(() -> stream.output().write(1), Kind.CONNECTION_CLOSED);
    }

    @Test
    void theRoundTripIsMeasuredByPings() throws Exception {
        try (RawPeer peer = RawPeer.ofServer()) {
            assertThat(peer.session.rttNanos()).isZero();
            RawPeer.Frame ping = peer.nextOfAll();
            peer.send(PING, ACK, 0, ping.length() + 1);
            peer.expectAlive();
            assertThat(peer.session.rttNanos()).as("after a pong that answers nothing").isZero();
            peer.send(PING, ACK, 0, ping.length());
            peer.expectAlive();
            assertThat(peer.session.rttNanos()).isPositive();
        }
    }

    @Test
    void bytesThatNobodyReadsAreBoundedForTheWholeConnection() throws Exception {
        YamuxConfig config = YamuxConfig.DEFAULT.withMemory(256 << 10, 300 << 10);
        try (RawPeer peer = new RawPeer(false, config)) {
            YamuxStream one = peer.open(1);
            YamuxStream three = peer.open(3);
            peer.data(0, 1, new byte[256 << 10]);
            peer.data(0, 3, new byte[100 << 10]);
            peer.expect(DATA, RST, 3, 0);
            assertKind(() -> three.input().read(), Kind.LIMIT_REACHED);
            peer.expectAlive();
            assertThat(one.input().readNBytes(256 << 10)).hasSize(256 << 10);
            peer.expectAlive();
            YamuxStream five = peer.open(5);
            peer.data(FIN, 5, new byte[200 << 10]);
            assertThat(five.input().readAllBytes()).hasSize(200 << 10);
        }
    }
}
