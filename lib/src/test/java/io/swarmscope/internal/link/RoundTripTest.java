package io.swarmscope.internal.link;

import static io.swarmscope.internal.link.TestHost.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.host.Connection;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.link.Proxy.Chunk;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What passes between two hosts, and how often one waits for the other. */
@Isolated("it measures how long round trips take")
class RoundTripTest {
    private static final String ECHO = "/test/echo/1";
    private static final Duration ONE_WAY = Duration.ofMillis(100);

    /** Other tests share the machine, so the best of some attempts shows what the protocol needs. */
    private static final int ATTEMPTS = 8;

    private static double roundTrips(long startNanos) {
        return (System.nanoTime() - startNanos) / (2.0 * ONE_WAY.toNanos());
    }

    private static void echo(TestHost host) {
        host.host.handle(ECHO, stream -> stream.input().transferTo(stream.output()));
    }

    private static void exchangeOneByte(Connection connection) throws Exception {
        try (Stream stream = connection.open(ECHO, TIMEOUT)) {
            stream.finish(new byte[] {1});
            assertThat(stream.input().read()).isEqualTo(1);
        }
    }

    private static void end(TestHost host, Connection connection) {
        connection.close();
        await().until(() -> host.heard.kindsOf(connection).contains("closed"));
    }

    /** TCP's own round trip, which the proxy on this machine does not delay, comes on top: 3 in all. */
    @Test
    void dialToFirstByteTakesTwoRoundTripsBesidesTcp() throws Exception {
        try (TestHost alice = TestHost.start(config -> config.withOptimistic(Set.of(ECHO)));
                TestHost bob = TestHost.start();
                Proxy proxy = new Proxy(bob, ONE_WAY)) {
            echo(bob);
            double dialed = Double.MAX_VALUE;
            double answered = Double.MAX_VALUE;
            double askedAgain = Double.MAX_VALUE;
            for (int i = 0; i < ATTEMPTS && answered + askedAgain > 3.3; i++) {
                alice.host.memory().forget(bob.id());
                long start = System.nanoTime();
                Connection there = alice.dial(proxy.address(), bob.id());
                dialed = Math.min(dialed, roundTrips(start));
                exchangeOneByte(there);
                answered = Math.min(answered, roundTrips(start));
                long again = System.nanoTime();
                exchangeOneByte(there);
                askedAgain = Math.min(askedAgain, roundTrips(again));
                end(alice, there);
            }
            assertThat(dialed).isBetween(1.0, 1.6);
            assertThat(answered).isBetween(2.0, 2.6);
            assertThat(askedAgain).isBetween(1.0, 1.6);
        }
    }

    @Test
    void identifyIsAnsweredInTheSameTime() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start();
                Proxy proxy = new Proxy(bob, ONE_WAY)) {
            double identified = Double.MAX_VALUE;
            for (int i = 0; i < ATTEMPTS && identified > 2.6; i++) {
                int before = alice.heard.of("identified").size();
                long start = System.nanoTime();
                Connection there = alice.dial(proxy.address(), bob.id());
                await().pollInterval(Duration.ofMillis(5)).until(() -> alice.heard.of("identified").size() > before);
                identified = Math.min(identified, roundTrips(start));
                end(alice, there);
            }
            assertThat(identified).isBetween(2.0, 2.6);
        }
    }

    @Test
    void aPeerMetBeforeIsAskedWithoutWaitingForConsent() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start();
                Proxy proxy = new Proxy(bob, ONE_WAY)) {
            echo(bob);
            Connection before = alice.dial(bob);
            exchangeOneByte(before);
            alice.heard.awaitIdentified();
            end(alice, before);
            assertThat(alice.host.memory().answered(bob.id(), ECHO)).isTrue();
            double answered = Double.MAX_VALUE;
            for (int i = 0; i < ATTEMPTS && answered > 2.6; i++) {
                long start = System.nanoTime();
                Connection there = alice.dial(proxy.address(), bob.id());
                exchangeOneByte(there);
                answered = Math.min(answered, roundTrips(start));
                end(alice, there);
            }
            assertThat(answered).isBetween(2.0, 2.6);
        }
    }

    /** The transcript of the wire digest, section 5, with both sides listing the muxer: sizes of all that is encrypted. */
    @Test
    void theHandshakeHasTheShapeOfTheSpecification() throws Exception {
        try (TestHost alice = TestHost.start(config -> config.withIdentify(false));
                TestHost bob = TestHost.start(config -> config.withIdentify(false));
                Proxy proxy = new Proxy(bob, Duration.ZERO)) {
            echo(bob);
            Connection there = alice.dial(proxy.address(), bob.id());
            try (Stream stream = there.open(ECHO, TIMEOUT)) {
                stream.finish(new byte[] {1});
                assertThat(stream.input().readAllBytes()).containsExactly(1);
            }
            String multistream = "132f6d756c746973747265616d2f312e302e300a" + "072f6e6f6973650a";
            String up = hex(proxy.chunks, true);
            String down = hex(proxy.chunks, false);
            assertThat(HexFormat.of().formatHex(proxy.chunks.getFirst().bytes()))
                    .startsWith(multistream + "0020")
                    .hasSize(2 * (28 + 2 + 32));
            // Payloads have 104 bytes for the key and its signature, and 16 for the list of muxers.
            assertThat(down).startsWith(multistream + "00d8");
            assertThat(up.substring(2 * (28 + 34))).startsWith("00b8");
            // In one frame: a ping, the stream's opening, and 34 bytes of header and proposal; then the tag of 16.
            assertThat(up.substring(2 * (28 + 34 + 2 + 184))).startsWith("0056");
        }
    }

    @Test
    void aRequestOnANewStreamIsOnePacketOutAndOneBack() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start();
                Proxy proxy = new Proxy(bob, Duration.ofMillis(20))) {
            echo(bob);
            bob.host.handle("/test/answer/1", stream -> {
                byte[] request = stream.input().readAllBytes();
                stream.finish(request);
            });
            Connection there = alice.dial(proxy.address(), bob.id());
            alice.heard.awaitIdentified();
            bob.heard.awaitIdentified();
            await().until(() -> alice.host.stats().streams() + bob.host.stats().streams() == 0);
            await().during(Duration.ofMillis(100)).until(() -> true);
            // Five times, because on a busy machine the writer may wake up between an answer and its end.
            List<List<Boolean>> ways = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int before = proxy.chunks.size();
                try (Stream stream = there.open("/test/answer/1", TIMEOUT)) {
                    stream.finish(new byte[100]);
                    assertThat(stream.input().readAllBytes()).hasSize(100);
                }
                ways.add(proxy.chunks.subList(before, proxy.chunks.size()).stream().map(Chunk::fromDialer).toList());
            }
            assertThat(ways).contains(List.of(true, false));
        }
    }

    private static String hex(List<Chunk> chunks, boolean fromDialer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        chunks.stream().filter(c -> c.fromDialer() == fromDialer).forEach(c -> out.writeBytes(c.bytes()));
        return HexFormat.of().formatHex(out.toByteArray());
    }
}
