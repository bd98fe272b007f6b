package io.swarmscope.internal.link.yamux;

import static io.swarmscope.internal.link.yamux.TrapsTest.assertKind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.link.multistream.Multistream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two sessions of ours with each other. */
class SessionTest {
    private static final Duration TIME = Duration.ofSeconds(20);

    private final List<MemoryChannel> channels = MemoryChannel.pair(64 * 1024);
    private final Listening ofClient = new Listening();
    private final Listening ofServer = new Listening();
    private final YamuxSession client = session(true, YamuxConfig.DEFAULT);
    private final YamuxSession server = session(false, YamuxConfig.DEFAULT);

    private YamuxSession session(boolean dialed, YamuxConfig config) {
        YamuxSession session = new YamuxSession(
                channels.get(dialed ? 0 : 1), dialed, config, dialed ? ofClient : ofServer, dialed ? "client" : "server");
        session.start();
        return session;
    }

    @AfterEach
    void everythingEnds() throws Exception {
        client.close(YamuxSession.NORMAL);
        server.close(YamuxSession.NORMAL);
        ofClient.awaitClosed();
        ofServer.awaitClosed();
        assertThat(ofClient.ends).hasSize(1);
        assertThat(ofServer.ends).hasSize(1);
        assertThat(ofClient.violations).isEmpty();
        assertThat(ofServer.violations).isEmpty();
    }

    private static void echo(YamuxStream stream) throws IOException {
        stream.timeout(TIME);
        stream.finish(stream.input().readAllBytes());
    }

    private static void echoWithNegotiation(YamuxStream stream) throws IOException {
        stream.timeout(TIME);
        String protocol = Multistream.respond(stream.input(), stream.prefixOutput(), "/echo/1.0.0"::equals);
        assertThat(protocol).isNotNull();
        stream.finish(stream.input().readAllBytes());
    }

    private byte[] request(byte[] bytes) throws Exception {
        try (YamuxStream stream = client.open(TIME)) {
            stream.finish(bytes);
            return stream.input().readAllBytes();
        }
    }

    @Test
    void aRequestAndItsAnswerAreOnePacketEach() throws Exception {
        int requests = 40;
        ofServer.serving(SessionTest::echoWithNegotiation);
        for (int i = 0; i < requests; i++) {
            try (YamuxStream stream = client.open(TIME)) {
                stream.prefix(Multistream.lazyProposal("/echo/1.0.0"));
                stream.finish(new byte[] {1, 2, 3});
                Multistream.readLazyEcho(stream.input(), "/echo/1.0.0");
                assertThat(stream.input().readAllBytes()).containsExactly(1, 2, 3);
            }
        }
        // A pong, or an acknowledgement that a busy machine left for the clock, may go alone; two packets each would be 80.
        assertThat(channels.get(0).writes().size()).isBetween(requests, requests * 3 / 2);
        assertThat(channels.get(1).writes().size()).isBetween(requests, requests * 3 / 2);
    }

    @Test
    void bytesArriveAsTheyWereSentInWhateverPiecesTheChannelReadsThem() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        channels.get(0).chop(new Random(seed + 1));
        channels.get(1).chop(new Random(seed + 2));
        ofServer.serving(SessionTest::echo);
        for (int i = 0; i < 30; i++) {
            byte[] bytes = new byte[random.nextInt(1 << random.nextInt(1, 19))];
            random.nextBytes(bytes);
            try (YamuxStream stream = client.open(TIME)) {
                CompletableFuture<byte[]> answer = async(() -> stream.input().readAllBytes());
                int at = 0;
                while (at < bytes.length) {
                    int n = random.nextInt(1, Math.min(bytes.length - at, 50_000) + 1);
                    stream.output().write(bytes, at, n);
                    at += n;
                }
                stream.closeWrite();
                assertThat(get(answer)).as("seed %d, round %d", seed, i).isEqualTo(bytes);
            }
        }
        await().until(() -> client.streams() + server.streams() == 0);
    }

    @Test
    void aThousandStreamsAreUsedAtOnceByWaitingForPlaces() throws Exception {
        ofServer.serving(SessionTest::echo);
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = new byte[i];
            answers.add(async(() -> request(bytes)));
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(get(answers.get(i))).hasSize(i);
        }
        await().until(() -> client.streams() + server.streams() == 0);
    }

    @Test
    void halfCloseLeavesTheOtherDirectionOpen() throws Exception {
        YamuxStream ours = client.open(TIME);
        ours.finish(new byte[] {1});
        YamuxStream theirs = ofServer.nextInbound();
        assertThat(theirs.input().readAllBytes()).containsExactly(1);
        assertThat(theirs.input().read()).isEqualTo(-1);
        byte[] much = new byte[1 << 20];
        CompletableFuture<Void> sending = asyncRun(() -> theirs.finish(much));
        assertThat(ours.input().readAllBytes()).hasSize(much.length);
        get(sending);
        assertKind(() -> ours.output().write(1), Kind.STREAM_RESET);
        ours.closeWrite();
        ours.closeWrite();
    }

    @Test
    void aSlowReaderHoldsUpItsWriterAndNobodyElse() throws Exception {
        YamuxStream slow = client.open(TIME);
        AtomicInteger written = new AtomicInteger();
        CompletableFuture<Void> writing = asyncRun(() -> {
            for (int i = 0; i < 64; i++) {
                slow.output().write(new byte[16 * 1024]);
                written.incrementAndGet();
            }
            slow.closeWrite();
        });
        YamuxStream theirs = ofServer.nextInbound();
        ofServer.serving(SessionTest::echo);
        await().until(() -> written.get() == 16);
        for (int i = 0; i < 50; i++) {
            assertThat(request(new byte[] {7})).containsExactly(7);
        }
        assertThat(written).as("pieces of 16 KiB in a window of 256 KiB").hasValue(16);
        assertThat(theirs.input().available()).isEqualTo(256 * 1024);
        theirs.timeout(TIME);
        assertThat(theirs.input().readAllBytes()).hasSize(64 * 16 * 1024);
        get(writing);
    }

    @Test
    void manyBulkStreamsShareTheConnectionEvenly() throws Exception {
        AtomicInteger[] received = new AtomicInteger[8];
        AtomicInteger next = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(8);
        ofServer.serving(stream -> {
            int me = next.getAndIncrement();
            received[me] = new AtomicInteger();
            stream.timeout(TIME);
            byte[] buffer = new byte[8192];
            InputStream in = stream.input();
            for (int n; (n = in.read(buffer)) > 0; ) {
                if (received[me].addAndGet(n) >= 4 << 20) {
                    first.countDown();
                }
            }
        });
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            senders.add(asyncRun(() -> {
                YamuxStream stream = client.open(TIME);
                byte[] piece = new byte[100_000];
                // Evenly from when all are there: nobody owes anything to a stream that has not begun.
                stream.output().write(1);
                begun.countDown();
                begun.await();
                while (first.getCount() > 0) {
                    stream.output().write(piece);
                }
                stream.closeWrite();
            }));
        }
        assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(received).allSatisfy(count -> assertThat(count.get()).isGreaterThan(1 << 20));
        for (CompletableFuture<Void> sender : senders) {
            get(sender);
        }
    }

    @Test
    void aReadEndsAtItsTimeAndResetsOnlyItsStream() throws Exception {
        YamuxStream stream = client.open(Duration.ofMillis(50));
        long start = System.nanoTime();
        assertKind(() -> stream.input().read(), Kind.TIMED_OUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(45), Duration.ofSeconds(15));
        assertKind(() -> stream.input().read(), Kind.STREAM_RESET);
        assertKind(() -> stream.output().write(1), Kind.STREAM_RESET);
        YamuxStream theirs = ofServer.nextInbound();
        assertKind(() -> theirs.input().read(), Kind.STREAM_RESET);
        ofServer.serving(SessionTest::echo);
        assertThat(request(new byte[] {1})).containsExactly(1);
    }

    @Test
    void aWriteEndsAtItsTimeAndResetsOnlyItsStream() throws Exception {
        YamuxStream stream = client.open(Duration.ofSeconds(1)); // time enough to fill the window
        assertKind(() -> stream.output().write(new byte[1 << 20]), Kind.TIMED_OUT);
        YamuxStream theirs = ofServer.nextInbound();
        assertThat(theirs.input().readNBytes(256 * 1024)).hasSize(256 * 1024);
        assertKind(() -> theirs.input().read(), Kind.STREAM_RESET);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void shorteningTheTimeEndsCallsThatWaitAlready() throws Exception {
        YamuxStream stream = client.open(TIME);
        CompletableFuture<Integer> reading = async(() -> stream.input().read());
        CompletableFuture<Void> writing = asyncRun(() -> stream.output().write(new byte[1 << 20]));
        YamuxStream theirs = ofServer.nextInbound();
        await().until(() -> theirs.input().available() == 256 * 1024);
        stream.timeout(Duration.ofMillis(1));
        assertFails(reading, Kind.TIMED_OUT, Kind.STREAM_RESET);
        assertFails(writing, Kind.TIMED_OUT, Kind.STREAM_RESET);
    }

    @Test
    void extendingTheTimeExtendsCallsThatWaitAlready() throws Exception {
        YamuxStream stream = client.open(Duration.ofSeconds(1));
        CompletableFuture<Integer> reading = async(() -> stream.input().read());
        stream.timeout(TIME);
        YamuxStream theirs = ofServer.nextInbound();
        YamuxStream other = client.open(Duration.ofSeconds(2));
        assertKind(() -> other.input().read(), Kind.TIMED_OUT);
        theirs.output().write(5);
        assertThat(get(reading)).isEqualTo(5);
    }

    @Test
    void interruptingAReaderResetsItsStreamAndNothingElse() throws Exception {
        YamuxStream stream = client.open(TIME);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicInteger interrupted = new AtomicInteger();
        Thread reader = Thread.startVirtualThread(() -> {
            try {
                stream.input().read();
            } catch (IOException e) {
                failure.set(e);
                interrupted.set(Thread.currentThread().isInterrupted() ? 1 : 2);
            }
        });
        YamuxStream theirs = ofServer.nextInbound();
        reader.interrupt();
        reader.join();
        assertThat(failure.get()).isInstanceOfSatisfying(HostException.class, e -> assertThat(e.kind())
                .isEqualTo(Kind.INTERRUPTED));
        assertThat(interrupted).as("interrupt status set").hasValue(1);
        assertKind(() -> theirs.input().read(), Kind.STREAM_RESET);
        ofServer.serving(SessionTest::echo);
        assertThat(request(new byte[] {1})).containsExactly(1);
    }

    @Test
    void interruptingAWriterResetsItsStreamAndNothingElse() throws Exception {
        YamuxStream stream = client.open(TIME);
        CompletableFuture<Kind> kind = new CompletableFuture<>();
        Thread writer = Thread.startVirtualThread(() -> {
            try {
                stream.output().write(new byte[1 << 20]);
            } catch (HostException e) {
                kind.complete(Thread.currentThread().isInterrupted() ? e.kind() : Kind.CLOSED);
            } catch (IOException e) {
                kind.completeExceptionally(e);
            }
        });
        ofServer.nextInbound();
        writer.interrupt();
        assertThat(get(kind)).isEqualTo(Kind.INTERRUPTED);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void interruptingAnOpenerGivesThePlaceToTheNext() throws Exception {
        YamuxSession narrow = narrowSession();
        YamuxStream only = narrow.open(TIME);
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread opener = Thread.startVirtualThread(() -> {
            try {
                narrow.open(TIME);
            } catch (InterruptedException | HostException e) {
                ended.complete(e instanceof InterruptedException);
            }
        });
        opener.interrupt();
        assertThat(get(ended)).isTrue();
        only.reset();
        narrow.open(TIME).close();
        narrow.open(TIME).close();
        narrow.close(YamuxSession.NORMAL);
        assertKind(() -> narrow.open(TIME), Kind.CONNECTION_CLOSED);
    }

    private static YamuxSession narrowSession() {
        YamuxSession narrow = new YamuxSession(
                MemoryChannel.pair(1000).get(0), true, YamuxConfig.DEFAULT.withStreams(1, 1, 1), new Listening(), "narrow");
        narrow.start();
        return narrow;
    }

    @Test
    void aStreamThatWasNeverUsedLeavesNoTrace() throws Exception {
        client.open(TIME).close();
        client.open(TIME).reset();
        YamuxStream withPrefix = client.open(TIME);
        withPrefix.prefix(new byte[] {1});
        withPrefix.close();
        assertThat(channels.get(0).written()).isEmpty();
        assertThat(client.streams()).isZero();
    }

    @Test
    void aPrefixLeavesBeforeAReadWaitsAndWithAFlushAndWithTheEnd() throws Exception {
        YamuxStream reading = client.open(TIME);
        reading.prefix(new byte[] {1, 2});
        CompletableFuture<Integer> answer = async(() -> reading.input().read());
        YamuxStream theirs = ofServer.nextInbound();
        assertThat(theirs.input().readNBytes(2)).containsExactly(1, 2);
        theirs.prefix(new byte[] {3});
        theirs.output().flush();
        assertThat(get(answer)).isEqualTo(3);
        theirs.prefix(new byte[] {4});
        theirs.close();
        assertThat(reading.input().readAllBytes()).containsExactly(4);
        assertThatThrownBy(() -> reading.prefix(new byte[20_000])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closingWhileAHundredStreamsWaitFailsEachOfThem() throws Exception {
        List<CompletableFuture<?>> blocked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            YamuxStream reading = client.open(TIME);
            blocked.add(async(() -> reading.input().read()));
            YamuxStream writing = client.open(TIME);
            blocked.add(asyncRun(() -> writing.output().write(new byte[1 << 20])));
        }
        await().until(() -> server.streams() == 100);
        client.close(YamuxSession.NORMAL);
        for (CompletableFuture<?> each : blocked) {
            assertFails(each, Kind.CONNECTION_CLOSED);
        }
        assertThat(ofServer.awaitClosed()).isInstanceOfSatisfying(HostException.class, e -> assertThat(e.kind())
                .isEqualTo(Kind.CONNECTION_CLOSED));
        assertThat(client.streams()).isZero();
        assertThat(server.streams()).isZero();
    }

    @Test
    void streamsThatWereNotUsedYetFailToo() throws Exception {
        YamuxStream reading = client.open(TIME);
        YamuxStream writing = client.open(TIME);
        client.close(YamuxSession.NORMAL);
        assertKind(() -> reading.input().read(), Kind.CONNECTION_CLOSED);
        assertKind(() -> writing.finish(new byte[1]), Kind.CONNECTION_CLOSED);
        assertKind(() -> writing.input().read(), Kind.CONNECTION_CLOSED);
        reading.close();
        writing.close();
    }

    @Test
    void theServerSeesTheGoodbyeAndAllThatWasWrittenBefore() throws Exception {
        YamuxStream stream = client.open(TIME);
        stream.finish(new byte[] {1, 2, 3});
        client.close(YamuxSession.NORMAL);
        YamuxStream theirs = ofServer.nextInbound();
        assertThat(theirs.input().readAllBytes()).containsExactly(1, 2, 3);
        ofServer.awaitClosed();
        assertKind(() -> theirs.output().write(1), Kind.CONNECTION_CLOSED);
    }

    @Test
    void aFailedChannelFailsStreamsAfterWhatTheyReceived() throws Exception {
        YamuxStream stream = client.open(TIME);
        stream.output().write(new byte[] {1, 2});
        YamuxStream theirs = ofServer.nextInbound();
        await().until(() -> theirs.input().available() == 2);
        channels.get(0).close();
        ofServer.awaitClosed();
        assertThat(theirs.input().readNBytes(2)).containsExactly(1, 2);
        assertKind(() -> theirs.input().read(), Kind.CONNECTION_CLOSED);
        assertKind(() -> server.open(TIME), Kind.CONNECTION_CLOSED);
        assertThat(server.isOpen()).isFalse();
    }

    @Test
    void closingAStreamInTheMiddleOfAWriteResetsIt() throws Exception {
        YamuxStream stream = client.open(TIME);
        CompletableFuture<Void> writing = asyncRun(() -> stream.output().write(new byte[1 << 20]));
        YamuxStream theirs = ofServer.nextInbound();
        await().until(() -> theirs.input().available() == 256 * 1024);
        stream.close();
        assertFails(writing, Kind.STREAM_RESET);
        assertThat(theirs.input().readNBytes(256 * 1024)).hasSize(256 * 1024);
        assertKind(() -> theirs.input().read(), Kind.STREAM_RESET);
    }

    @Test
    void aSessionThatWasNeverStartedClosesToo() {
        Listening listening = new Listening();
        MemoryChannel channel = MemoryChannel.pair(10).get(0);
        YamuxSession session = new YamuxSession(channel, true, YamuxConfig.DEFAULT, listening, "never");
        assertKind(() -> session.open(TIME), Kind.CONNECTION_CLOSED);
        session.close(YamuxSession.NORMAL);
        session.close(YamuxSession.NORMAL);
        assertThat(listening.ends).hasSize(1);
        assertThat(channel.isClosed()).isTrue();
    }

    // ---- Helpers

    interface Call<T> {
        T call() throws Exception;
    }

    interface Run {
        void run() throws Exception;
    }

    static <T> CompletableFuture<T> async(Call<T> call) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                future.complete(call.call());
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
        });
        return future;
    }

    static CompletableFuture<Void> asyncRun(Run run) {
        return async(() -> {
            run.run();
            return null;
        });
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static void assertFails(CompletableFuture<?> future, Kind... kinds) {
        assertThatThrownBy(() -> get(future))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.kind()).isIn((Object[]) kinds));
    }
}
