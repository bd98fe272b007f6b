package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A session whose peer sends what it likes, while one stream of ours reads and the peer's are read and answered. */
class YamuxFuzzTest {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Set<Kind> KINDS = Set.of(Kind.STREAM_RESET, Kind.CONNECTION_CLOSED, Kind.LIMIT_REACHED);
    private static final int KEPT = 600 << 10;
    private static final YamuxConfig CONFIG = YamuxConfig.DEFAULT.withMemory(256 << 10, KEPT);

    private static byte[] frames(int... words) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < words.length; i += 4) {
            byte[] header = new byte[Frame.HEADER];
            Frame.put(header, 0, words[i], words[i + 1], words[i + 2], words[i + 3]);
            all.writeBytes(header);
            all.writeBytes(new byte[words[i] == Frame.DATA ? Math.clamp(words[i + 3], 0, 3000) : 0]);
        }
        return all.toByteArray();
    }

    static Stream<byte[]> sessions() {
        return Stream.of(
                // A stream of the peer's with some bytes and its end, then an answer to ours.
                frames(1, 1, 1, 0, 0, 0, 1, 20, 0, 4, 1, 0, 1, 2, 2, 0, 0, 0, 2, 3000, 0, 4, 2, 0),
                // Credit beyond all bounds, a ping, the answer to none, a reset, a goodbye.
                frames(1, 1, 1, -1, 1, 0, 1, -1, 2, 1, 0, 7, 2, 2, 0, 9, 0, 8, 1, 0, 3, 0, 0, 0),
                // More than the window; the same stream twice; one of ours that is not there.
                frames(0, 1, 1, 300_000),
                frames(1, 1, 1, 0, 1, 1, 1, 0),
                frames(1, 1, 2, 0),
                frames(0, 15, 3, 5, 0, 1, 3, 1),
                frames(3, 0, 0, 2),
                frames(9, 0, 0, 0),
                new byte[] {1});
    }

    @MethodSource("sessions")
    @FuzzTest
    void yamuxSession(byte[] bytes) throws Exception {
        Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
        RawPeer peer = new RawPeer(false, CONFIG);
        peer.listening.serving(stream -> use(stream, wrong));
        Thread ours = Thread.startVirtualThread(() -> ask(peer.session, wrong));
        try (peer) {
            peer.sendBytes(bytes);
            assertThat(peer.session.heldBytes()).isLessThanOrEqualTo(KEPT);
            peer.channel.end();
            assertThat(peer.listening.awaitClosed()).isInstanceOf(HostException.class);
        }
        assertThat(ours.join(TIME)).as("our reader ended").isTrue();
        assertThat(peer.listening.ends).hasSize(1);
        // Who reads the peer's streams may still be about to give them up.
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> assertThat(peer.session.streams() + peer.session.heldBytes()).isZero());
        assertThat(wrong).isEmpty();
    }

    private static void ask(YamuxSession session, Queue<Throwable> wrong) {
        try (YamuxStream stream = session.open(TIME)) {
            use(stream, wrong);
        } catch (HostException e) {
            note(e, wrong);
        } catch (InterruptedException e) {
            wrong.add(e);
        }
    }

    private static void use(YamuxStream stream, Queue<Throwable> wrong) {
        try {
            stream.timeout(TIME);
            stream.output().write(new byte[100]);
            stream.input().readNBytes(5000);
            stream.finish(new byte[3]);
        } catch (IOException | RuntimeException e) {
            note(e, wrong);
        }
    }

    /** A user sees bytes, an end, or a failure of one of these kinds. */
    private static void note(Exception e, Queue<Throwable> wrong) {
        if (!(e instanceof HostException known && KINDS.contains(known.kind()))) {
            wrong.add(e);
        }
    }
}
