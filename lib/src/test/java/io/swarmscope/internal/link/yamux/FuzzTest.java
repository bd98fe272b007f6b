package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.host.HostException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whatever a peer sends: the session goes on or ends with a reason, keeps little, and nobody waits for ever. */
class FuzzTest {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final long KEPT = 600 << 10;
    private static final YamuxConfig CONFIG = YamuxConfig.DEFAULT.withMemory(256 << 10, (int) KEPT);

    @Test
    void randomBytes() throws Exception {
        run(300, (random, out) -> {
            byte[] bytes = new byte[random.nextInt(1, 2000)];
            random.nextBytes(bytes);
            out.writeBytes(bytes);
        });
    }

    @Test
    void framesThatMakeNoSense() throws Exception {
        run(300, (random, out) -> {
            for (int i = random.nextInt(1, 200); i > 0; i--) {
                frame(random, out);
            }
        });
    }

    @Test
    void framesThatAreCutOrChanged() throws Exception {
        run(300, (random, out) -> {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int i = random.nextInt(1, 30); i > 0; i--) {
                frame(random, frames);
            }
            byte[] bytes = frames.toByteArray();
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            out.write(bytes, 0, random.nextInt(bytes.length + 1));
        });
    }

    /** Mostly legal in itself, seldom in its place. */
    private static void frame(Random random, ByteArrayOutputStream out) {
        int type = random.nextInt(100) == 0 ? random.nextInt(256) : random.nextInt(3);
        int flags = random.nextInt(4) == 0 ? random.nextInt(16) : random.nextInt(2);
        int id = type == Frame.PING ? 0 : random.nextInt(1, 12);
        byte[] body = new byte[type == Frame.DATA ? random.nextInt(1 << random.nextInt(1, 16)) : 0];
        int length = type == Frame.DATA ? body.length : random.nextInt(300_000);
        byte[] header = new byte[Frame.HEADER];
        Frame.put(header, 0, type, flags, id, length);
        out.writeBytes(header);
        out.writeBytes(body);
    }

    private interface Input {
        void make(Random random, ByteArrayOutputStream out);
    }

    private static void run(int rounds, Input input) throws Exception {
        long seed = System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            Random random = new Random(seed + round);
            try {
                one(random, input);
            } catch (AssertionError | Exception e) {
                throw new AssertionError("seed " + (seed + round), e);
            }
        }
    }

    private static void one(Random random, Input input) throws Exception {
        try (RawPeer peer = new RawPeer(random.nextBoolean(), CONFIG)) {
            peer.sessionChannel.chop(new Random(random.nextLong()));
            List<CompletableFuture<Void>> users = new ArrayList<>();
            Thread drain = Thread.startVirtualThread(() -> drain(peer));
            Thread accept = Thread.startVirtualThread(() -> accept(peer, users));
            for (int i = random.nextInt(4); i > 0; i--) {
                YamuxStream stream = peer.session.open(TIME);
                users.add(SessionTest.asyncRun(() -> use(stream)));
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            input.make(random, bytes);
            peer.sendBytes(bytes.toByteArray());
            assertThat(peer.session.heldBytes()).isLessThanOrEqualTo(KEPT);
            peer.channel.end();
            peer.listening.awaitClosed();
            assertThat(peer.listening.ends).hasSize(1);
            accept.interrupt();
            accept.join();
            drain.join();
            for (CompletableFuture<Void> user : users) {
                user.get(30, TimeUnit.SECONDS);
            }
            assertThat(peer.session.streams()).isZero();
        }
    }

    private static void drain(RawPeer peer) {
        byte[] buffer = new byte[4096];
        try {
            while (peer.channel.read(buffer, 0, buffer.length) > 0) {
                // Whatever it is.
            }
        } catch (IOException e) {
            // The session ended.
        }
    }

    private static void accept(RawPeer peer, List<CompletableFuture<Void>> users) {
        try {
            while (true) {
                YamuxStream stream = peer.listening.inbound.take();
                if (stream.hashCode() % 2 == 0) {
                    users.add(SessionTest.asyncRun(() -> use(stream)));
                }
            }
        } catch (InterruptedException e) {
            // The round is over.
        }
    }

    /** A user sees bytes, an end, or a failure of one of the kinds. */
    private static void use(YamuxStream stream) throws IOException {
        try (stream) {
            stream.timeout(TIME);
            stream.output().write(new byte[1000]);
            stream.input().readNBytes(5000);
            stream.finish(new byte[3]);
        } catch (HostException e) {
            assertThat(e.kind()).isIn(HostException.Kind.STREAM_RESET, HostException.Kind.CONNECTION_CLOSED, HostException.Kind.LIMIT_REACHED);
        }
    }
}
