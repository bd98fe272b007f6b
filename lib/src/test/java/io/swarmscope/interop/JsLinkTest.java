package io.swarmscope.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.link.perf.Perf;
import io.swarmscope.internal.link.ping.Ping;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Our links against js-libp2p: each side dials, and each side asks the other for everything links are for. */
@Tag("interop")
@Timeout(120)
class JsLinkTest {

    private static final int LARGE = 50_000_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static JsPeer js;
    private OurHost ours;

    @BeforeAll
    static void startJs() {
        js = JsPeer.start();
    }

    @AfterAll
    static void stopJs() {
        js.close();
    }

    @BeforeEach
    void startOurs() throws Exception {
        ours = OurHost.start();
    }

    @AfterEach
    void stopOurs() {
        ours.close();
        assertThat(ours.misbehaved).as("what ours held against js").isEmpty();
        assertThat(js.errors()).as("unhandled errors of js").noneMatch(line -> line.startsWith("un"));
    }

    // who dials

    @Test
    void weDialJsAndItTellsWhoItIs() throws Exception {
        Connection connection = ours.dial(js);

        assertThat(connection.remote()).isEqualTo(PeerId.parse(js.id()));
        assertThat(connection.outbound()).isTrue();
        Identified told = identifiedOf(connection);
        JsonNode info = js.call("info");
        assertThat(told.agentVersion()).isEqualTo("swarmscope-interop-js/1.0");
        assertThat(told.protocolVersion()).isEqualTo("ipfs/0.1.0");
        assertThat(told.protocols()).containsExactlyInAnyOrderElementsOf(JsPeer.strings(info.get("protocols")));
        assertThat(told.listenAddresses()).containsExactly(withoutPeer(js.address()));
        assertThat(told.observedAddress()).asString().startsWith("/ip4/127.0.0.1/tcp/");
        assertThat(connectionAtJs().get("addr").asString()).startsWith(String.valueOf(told.observedAddress()));
    }

    @Test
    void jsDialsUsAndLearnsWhoWeAre() throws Exception {
        JsonNode connection = js.call("dial", "addr", ours.address());

        assertThat(connection.get("peerId").asString()).isEqualTo(ours.host.id().toString());
        assertThat(connection.get("encryption").asString()).isEqualTo("/noise");
        assertThat(connection.get("multiplexer").asString()).isEqualTo("/yamux/1.0.0");
        JsonNode told = js.call("identify", "peer", ours.host.id().toString());
        assertThat(told.get("agentVersion").asString()).startsWith("swarmscope");
        assertThat(JsPeer.strings(told.get("protocols")))
                .contains("/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0", OurHost.ECHO, OurHost.DIGEST);
        assertThat(JsPeer.strings(told.get("listenAddrs")))
                .containsExactlyElementsOf(
                        ours.host.addresses().stream().map(Multiaddr::toString).toList());
        assertThat(PeerId.ofPublicKey(JsPeer.bytes(told.get("publicKey")))).isEqualTo(ours.host.id());
        assertThat(told.get("observedAddr").asString()).startsWith("/ip4/127.0.0.1/tcp/");
        assertThat(told.at("/stored/keyType").asString()).isEqualTo("Ed25519");

        Connection here = connectionFromJs();
        assertThat(here.remoteAddress().toString()).startsWith("/ip4/127.0.0.1/tcp/").doesNotContain("/p2p/");
        assertThat(identifiedOf(here).agentVersion()).isEqualTo("swarmscope-interop-js/1.0");
    }

    @Test
    void jsBelievesOurSignedPeerRecord() {
        js.call("dial", "addr", ours.address());

        JsonNode told = js.call("identify", "peer", ours.host.id().toString());

        assertThat(JsPeer.strings(told.get("signedAddrs")))
                .containsExactlyElementsOf(
                        ours.host.addresses().stream().map(Multiaddr::toString).toList());
        JsonNode again = js.call("identifyAgain", "peer", ours.host.id().toString());
        assertThat(again.at("/stored/addrs/0/certified").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256k1", "RSA"})
    void aJsIdentityOfAnotherKeyTypeIsVerified(String keyType) throws Exception {
        try (JsPeer other = JsPeer.start(Map.of("key", keyType))) {
            assertThat(ours.dial(other).remote()).isEqualTo(PeerId.parse(other.id()));

            other.call("close", "peer", ours.host.id().toString());
            other.call("dial", "addr", ours.address());

            await().until(() -> ours.from(other).isPresent());
            assertThat(other.call("ping", "peer", ours.host.id().toString()).get("millis"))
                    .hasSize(1);
        }
    }

    @Test
    void weRefuseAnotherPeerThanTheExpectedOne() throws Exception {
        try (JsPeer other = JsPeer.start()) {
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(() ->
                            ours.host.dial(withoutPeer(js.address()), PeerId.parse(other.id()), OurHost.TIMEOUT))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(HostException.Kind.WRONG_PEER));
        }
        assertThat(ours.opened).isEmpty();
    }

    @Test
    void jsRefusesAnotherPeerThanTheExpectedOne() {
        String elsewhere = ours.host.addresses().get(0) + "/p2p/" + someoneElse();

        assertThatExceptionOfType(JsPeer.Failure.class)
                .isThrownBy(() -> js.call("dial", "addr", elsewhere))
                .withMessageContaining("does not match expected remote identity");
        await().untilAsserted(() -> assertThat(ours.host.stats().inbound()).isZero());
    }

    // what runs over a connection

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothPingEachOther(boolean weDial) throws Exception {
        Connection connection = connect(weDial);

        for (int i = 0; i < 3; i++) {
            assertThat(Ping.ping(connection, OurHost.TIMEOUT)).isPositive().isLessThan(Duration.ofSeconds(5));
        }
        assertThat(js.call("ping", "peer", ours.host.id().toString(), "times", 3)
                        .get("millis"))
                .hasSize(3);
    }

    @Test
    void onePingStreamServesManyPings() throws Exception {
        try (Stream stream = ours.dial(js).open("/ipfs/ping/1.0.0", OurHost.TIMEOUT)) {
            byte[] sent = new byte[32];
            for (int i = 0; i < 20; i++) {
                Arrays.fill(sent, (byte) i);
                stream.output().write(sent);
                assertThat(stream.input().readNBytes(32)).isEqualTo(sent);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fiftyMegabytesComeBackFromJsUnchanged(boolean weDial) throws Exception {
        echo(connect(weDial), LARGE, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fiftyMegabytesComeBackFromUsUnchanged(boolean weDial) throws Exception {
        connect(weDial);

        JsonNode run = js.call(TIMEOUT, "echo", "peer", ours.host.id().toString(), "size", LARGE);

        assertThat(run.get("bytes").asInt()).isEqualTo(LARGE);
    }

    @Test
    void perfMovesFiftyMegabytesEachWayWhenWeAsk() throws Exception {
        Perf.Result run = Perf.run(ours.dial(js), LARGE, LARGE, TIMEOUT);

        assertThat(run.uploadBytes()).isEqualTo(LARGE);
        assertThat(run.downloadBytes()).isEqualTo(LARGE);
    }

    @Test
    void perfMovesFiftyMegabytesEachWayWhenJsAsks() {
        js.call("dial", "addr", ours.address());

        JsonNode run = js.call(TIMEOUT, "perf", "peer", ours.host.id().toString(), "send", LARGE, "receive", LARGE);

        assertThat(run.get("received").asInt()).isEqualTo(LARGE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHundredStreamsFromUsAtOnce(boolean weDial) throws Exception {
        Connection connection = connect(weDial);
        identifiedOf(connection);

        inParallel(100, i -> echo(connection, 10_000 + i, i));
        await().untilAsserted(() -> assertThat(connection.streams()).isZero());
    }

    @Test
    void aHundredStreamsRightAfterDialing() throws Exception {
        Connection connection = ours.dial(js);

        inParallel(100, i -> echo(connection, 10_000 + i, i));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHundredStreamsFromJsAtOnce(boolean weDial) throws Exception {
        Connection connection = connect(weDial);

        js.call("echo", "peer", ours.host.id().toString(), "size", 100_000, "streams", 100);
        await().untilAsserted(() -> assertThat(connection.streams()).isZero());
    }

    @Test
    void aHalfClosedStreamStillBringsTheAnswer() throws Exception {
        Connection connection = ours.dial(js);
        for (int size : new int[] {0, 1, 1_000, 300_000}) {
            byte[] data = bytes(size, size);
            byte[] answer = OurHost.digestAnswer(size, OurHost.sha256().digest(data));

            try (Stream stream = connection.open(OurHost.DIGEST, OurHost.TIMEOUT)) {
                stream.finish(data);
                assertThat(stream.input().readAllBytes()).isEqualTo(answer);
            }
            JsonNode asked = js.call(
                    "request",
                    "peer",
                    ours.host.id().toString(),
                    "protocol",
                    OurHost.DIGEST,
                    "data",
                    JsPeer.base64(data));
            assertThat(JsPeer.bytes(asked.get("data"))).isEqualTo(answer);
        }
    }

    @Test
    void anUnknownProtocolIsRefusedAndTheConnectionLives() throws Exception {
        Connection connection = ours.dial(js);

        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> connection.open("/nobody/answers/1.0.0", OurHost.TIMEOUT))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(HostException.Kind.PROTOCOL_UNSUPPORTED));
        assertThatExceptionOfType(JsPeer.Failure.class)
                .isThrownBy(() ->
                        js.call("request", "peer", ours.host.id().toString(), "protocol", "/nobody/answers/1.0.0"))
                .satisfies(e -> assertThat(e.name()).isEqualTo("UnsupportedProtocolError"));
        try (Stream stream = connection.open(List.of("/nobody/answers/1.0.0", OurHost.ECHO), OurHost.TIMEOUT)) {
            assertThat(stream.protocol()).isEqualTo(OurHost.ECHO);
        }
        echo(connection, 1_000, 1);
    }

    @Test
    void aResetByJsEndsTheStreamOnly() throws Exception {
        Connection connection = ours.dial(js);
        try (Stream stream = connection.open(OurHost.RESET, OurHost.TIMEOUT)) {
            stream.output().write(1);
            byte[] greeting = "got some".getBytes(StandardCharsets.US_ASCII);
            assertThat(stream.input().readNBytes(greeting.length)).isEqualTo(greeting);
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(() -> stream.input().read())
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(HostException.Kind.STREAM_RESET));
        }
        echo(connection, 1_000, 1);
    }

    @Test
    void aResetByUsEndsTheStreamOnly() throws Exception {
        Connection connection = ours.dial(js);
        String us = ours.host.id().toString();

        assertThatExceptionOfType(JsPeer.Failure.class)
                .isThrownBy(() ->
                        js.call("request", "peer", us, "protocol", OurHost.RESET, "data", JsPeer.base64(new byte[1])))
                .satisfies(e -> assertThat(e.name()).isEqualTo("StreamResetError"));
        js.call("echo", "peer", us, "size", 1_000);
        echo(connection, 1_000, 1);
    }

    @Test
    void aReaderThatStallsAtJsBlocksItsStreamOnly() throws Exception {
        Connection connection = ours.dial(js);
        try (Stream stream = connection.open(OurHost.STALL, Duration.ofSeconds(2))) {
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(() -> stream.output().write(new byte[2_000_000]))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(HostException.Kind.TIMED_OUT));
        }
        echo(connection, 1_000, 1);
    }

    @Test
    void aReaderThatStallsHereBlocksItsStreamOnly() throws Exception {
        Connection connection = ours.dial(js);
        String us = ours.host.id().toString();

        assertThatExceptionOfType(JsPeer.Failure.class)
                .isThrownBy(() -> js.call(
                        Duration.ofSeconds(2),
                        "echo",
                        "peer",
                        us,
                        "protocol",
                        OurHost.STALL,
                        "size",
                        5_000_000))
                .satisfies(e -> assertThat(e.name()).isEqualTo("TimeoutError"));
        js.call("echo", "peer", us, "size", 1_000);
        echo(connection, 1_000, 1);
    }

    // the life of a connection

    @Test
    void jsHearsOfProtocolsThatComeAndGo() throws Exception {
        ours.dial(js);
        String us = ours.host.id().toString();
        js.call("identify", "peer", us);

        ours.host.handle("/interop/later/1.0.0", stream -> {});
        await().until(() -> protocolsKnownToJs(us).contains("/interop/later/1.0.0"));

        ours.host.unhandle("/interop/later/1.0.0");
        await().until(() -> !protocolsKnownToJs(us).contains("/interop/later/1.0.0"));
    }

    @Test
    void theConnectionMonitorOfJsIsContent() throws Exception {
        try (JsPeer watchful = JsPeer.start(Map.of("pingInterval", 2_000))) {
            Connection connection = ours.dial(watchful);
            watchful.call("echo", "peer", ours.host.id().toString(), "size", LARGE);
            echo(connection, LARGE, 1);

            await().during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> connection.isOpen() && ours.closed.isEmpty());
            assertThat(watchful.call("peers")).hasSize(1);
            await().untilAsserted(() -> assertThat(connection.streams()).isLessThanOrEqualTo(2));
        }
    }

    @Test
    void jsNoticesThatWeClose() throws Exception {
        Connection connection = ours.dial(js);
        await().until(() -> peersOfJs().contains(ours.host.id().toString()));

        connection.close();

        await().until(() -> !peersOfJs().contains(ours.host.id().toString()));
        assertThat(ours.closed).containsKey(connection);
    }

    @Test
    void weNoticeThatJsCloses() throws Exception {
        Connection connection = ours.dial(js);
        await().until(() -> peersOfJs().contains(ours.host.id().toString()));

        js.call("close", "peer", ours.host.id().toString());

        await().until(() -> ours.closed.containsKey(connection));
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void weNoticeThatJsIsGone() throws Exception {
        try (JsPeer mortal = JsPeer.start()) {
            Connection connection = ours.dial(mortal);
            Stream stream = connection.open(OurHost.STALL, OurHost.TIMEOUT);

            mortal.kill();

            await().until(() -> ours.closed.containsKey(connection));
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(() -> stream.input().read())
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(HostException.Kind.CONNECTION_CLOSED));
        }
    }

    private Connection connect(boolean weDial) throws Exception {
        if (weDial) {
            return ours.dial(js);
        }
        js.call("dial", "addr", ours.address());
        return connectionFromJs();
    }

    private Connection connectionFromJs() {
        return await().until(() -> ours.from(js).orElse(null), found -> found != null);
    }

    private JsonNode connectionAtJs() {
        String us = ours.host.id().toString();
        return js.call("peers")
                .valueStream()
                .filter(connection -> connection.get("peerId").asString().equals(us))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> peersOfJs() {
        return js.call("peers")
                .valueStream()
                .map(connection -> connection.get("peerId").asString())
                .toList();
    }

    private static List<String> protocolsKnownToJs(String peer) {
        return JsPeer.strings(js.call("identify", "peer", peer).at("/stored/protocols"));
    }

    private static Identified identifiedOf(Connection connection) {
        return await().until(connection::identified, told -> !told.agentVersion().isEmpty());
    }

    private static Multiaddr withoutPeer(String address) {
        return Multiaddr.parse(address.substring(0, address.indexOf("/p2p/")));
    }

    private static String someoneElse() {
        return "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq"; // the specification's example key
    }

    /** Sends bytes, reads them back while they are still sent, and compares. */
    private static void echo(Connection connection, int size, int seed) throws Exception {
        byte[] sent = bytes(size, seed);
        try (Stream stream = connection.open(OurHost.ECHO, TIMEOUT);
                ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Void> sending = sender.submit(() -> {
                stream.output().write(sent);
                stream.closeWrite();
                return null;
            });
            byte[] received = stream.input().readAllBytes();
            sending.get();
            assertThat(Arrays.equals(received, sent))
                    .as("%d bytes of %d came back unchanged", received.length, size)
                    .isTrue();
        }
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private interface Exchange {
        void run(int number) throws Exception;
    }

    private static void inParallel(int count, Exchange exchange) throws Exception {
        List<Future<Void>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    exchange.run(number);
                    return null;
                }));
            }
        }
        for (Future<Void> one : running) {
            one.get();
        }
    }
}
