package io.swarmscope.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.DhtMode;
import io.swarmscope.PeerId;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.End;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.PeerInfo;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * Our DHT in one network with js-libp2p's. The line: a js server - our server - a js client, where the two js nodes know each
 * other only through us.
 */
@Tag("interop")
@Timeout(90)
class JsKadTest {

    private JsPeer server;
    private JsPeer client;
    private OurSwarm ours;

    @BeforeEach
    void start() throws Exception {
        server = JsPeer.start();
        client = JsPeer.start(Map.of("server", false));
        ours = OurSwarm.start(DhtMode.SERVER);
    }

    @AfterEach
    void stop() {
        ours.close();
        client.close();
        server.close();
        assertThat(ours.misbehaved).as("what ours held against js").isEmpty();
    }

    /** Waits until all of them know of each other what they need for lookups. */
    private void join() throws Exception {
        ours.connect(server);
        client.call("dial", "addr", ours.address());
        await().untilAsserted(() -> assertThat(tableOf(server)).contains(ours.id()));
        await().untilAsserted(() -> assertThat(tableOf(client)).contains(ours.id()));
        await().untilAsserted(() -> assertThat(ours.swarm.status().routingTable()).isEqualTo(1));
    }

    @Test
    void weGetWhatJsHolds() throws Exception {
        server.call("kadPut", "key", "/test/one", "value", base64("from js")); // knows nobody: keeps it
        join();

        OperationResult.FoundValue found = ours.run(get("/test/one"), OperationResult.FoundValue.class);

        assertThat(text(found.best())).isEqualTo("from js");
        assertThat(found.values()).isEqualTo(1);
        assertThat(found.report().answered()).containsExactly(PeerId.parse(server.id()));
    }

    @Test
    void jsGetsWhatWeHold() throws Exception {
        ours.run(put("/test/two", "from us"), OperationResult.Stored.class); // knows nobody: keeps it
        join();

        JsonNode found = client.call("kadGet", "key", "/test/two");

        assertThat(found.get("value").asString()).isEqualTo(base64("from us"));
        assertThat(JsPeer.strings(found.get("holders"))).contains(ours.id());
        assertThat(found.get("errors")).isEmpty();
    }

    @Test
    void whatWePutIsKeptByJs() throws Exception {
        join();

        OperationResult.Stored stored = ours.run(put("/test/three", "from us"), OperationResult.Stored.class);

        assertThat(stored.stored()).containsExactly(PeerId.parse(server.id()));
        assertThat(stored.failed()).isEmpty();
        assertThat(server.call("kadLocal", "key", "/test/three").get("value").asString())
                .isEqualTo(base64("from us"));
    }

    @Test
    void whatJsPutsIsKeptByUs() throws Exception {
        join();

        JsonNode put = client.call("kadPut", "key", "/test/four", "value", base64("from js"));

        assertThat(JsPeer.strings(put.get("stored"))).contains(ours.id());
        assertThat(put.get("errors")).isEmpty();
        assertThat(ours.swarm.status().records()).isEqualTo(1);
        OperationResult.FoundValue found = ours.run(get("/test/four"), OperationResult.FoundValue.class);
        assertThat(text(found.best())).isEqualTo("from js");
    }

    @Test
    void aKeyAndAValueOfAnyBytesTravelBothWays() throws Exception {
        join();
        byte[] key = new byte[200];
        byte[] value = new byte[8_000];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (i * 31);
        }
        System.arraycopy(value, 0, key, 0, key.length);
        System.arraycopy("/test/".getBytes(StandardCharsets.UTF_8), 0, key, 0, 6);
        Map<String, String> jsKey = Map.of("base64", JsPeer.base64(key));

        ours.run(new Operation.PutValue(Bytes.of(key), Bytes.of(value)), OperationResult.Stored.class);

        assertThat(JsPeer.bytes(client.call("kadGet", "key", jsKey).get("value")))
                .isEqualTo(value);
        assertThat(JsPeer.bytes(server.call("kadLocal", "key", jsKey).get("value")))
                .isEqualTo(value);
    }

    @Test
    void aValueNobodyHasIsNotFound() throws Exception {
        join();

        OperationResult.FoundValue found = ours.run(get("/test/none"), OperationResult.FoundValue.class);

        assertThat(found.best()).isNull();
        assertThat(found.report().end()).isEqualTo(End.EXHAUSTED);
        assertThat(client.call("kadGet", "key", "/test/none").get("value").isNull())
                .isTrue();
    }

    @Test
    void weRefuseAValueThatBreaksTheRules() throws Exception {
        join();

        JsonNode bad = client.call("kadPut", "key", "/test/five", "value", base64("bad"));
        JsonNode foreign = client.call("kadPut", "key", "/swarmscope/five", "value", base64("fine elsewhere"));

        assertThat(JsPeer.strings(bad.get("stored"))).doesNotContain(ours.id());
        assertThat(JsPeer.strings(bad.get("errors"))).anyMatch(error -> error.startsWith(ours.id()));
        assertThat(JsPeer.strings(foreign.get("stored"))).doesNotContain(ours.id());
        assertThat(ours.swarm.status().records()).isZero();
        ours.misbehaved.clear(); // rightly held against it
    }

    @Test
    void aValueThatJsRefusesCountsAsNotStoredThere() throws Exception {
        server.close();
        server = JsPeer.start(Map.of("namespaces", new String[] {"other"}));
        join();

        OperationResult.Stored stored = ours.run(put("/test/six", "from us"), OperationResult.Stored.class);

        assertThat(stored.stored()).isEmpty();
        assertThat(stored.failed()).singleElement().satisfies(failure -> assertThat(failure.peer())
                .isEqualTo(PeerId.parse(server.id())));
    }

    @Test
    void theBestOfSeveralValuesWinsAndTheOthersAreCorrected() throws Exception {
        ours.run(put("/test/seven", "short"), OperationResult.Stored.class);
        server.call("kadPut", "key", "/test/seven", "value", base64("longer"));
        join();

        OperationResult.FoundValue found = ours.run(get("/test/seven"), OperationResult.FoundValue.class);

        assertThat(text(found.best())).isEqualTo("longer");
        await().untilAsserted(() -> assertThat(
                        client.call("kadGet", "key", "/test/seven").get("value").asString())
                .isEqualTo(base64("longer")));
    }

    @Test
    void weFindAProviderThatJsAnnounced() throws Exception {
        join();
        String digest = digest();

        JsonNode provided = server.call("kadProvide", "digest", digest);

        assertThat(JsPeer.strings(provided.get("told"))).containsExactly(ours.id());
        await().untilAsserted(() -> assertThat(ours.swarm.status().providers()).isEqualTo(1));
        OperationResult.FoundProviders found =
                ours.run(new Operation.FindProviders(multihash(digest), 1), OperationResult.FoundProviders.class);
        assertThat(found.providers()).singleElement().satisfies(provider -> {
            assertThat(provider.id()).isEqualTo(PeerId.parse(server.id()));
            assertThat(provider.addresses()).isNotEmpty();
        });
        JsonNode seen = client.call("kadProviders", "digest", digest);
        assertThat(seen.at("/providers/0/peerId").asString()).isEqualTo(server.id());
        assertThat(seen.at("/providers/0/addrs/0").asString()).startsWith("/ip4/127.0.0.1/tcp/");
    }

    @Test
    void jsFindsAProviderThatWeAnnounced() throws Exception {
        join();
        String digest = digest();

        OperationResult.Stored told =
                ours.run(new Operation.Provide(multihash(digest)), OperationResult.Stored.class);

        assertThat(told.stored()).containsExactly(PeerId.parse(server.id()));
        await().untilAsserted(() -> assertThat(JsPeer.strings(
                        server.call("kadProvidersLocal", "digest", digest).get("providers")))
                .containsExactly(ours.id()));
        JsonNode seen = client.call("kadProviders", "digest", digest);
        assertThat(seen.at("/providers/0/peerId").asString()).isEqualTo(ours.id());
        assertThat(seen.at("/providers/0/addrs/0").asString()).startsWith("/ip4/127.0.0.1/tcp/");
    }

    @Test
    void jsFindsAPeerThroughUs() throws Exception {
        join();

        JsonNode found = client.call("kadFindPeer", "peer", server.id());

        assertThat(found.get("peerId").asString()).isEqualTo(server.id());
        assertThat(JsPeer.strings(found.get("addrs"))).anyMatch(address -> server.address().startsWith(address));
        assertThat(tableOf(client)).contains(ours.id());
    }

    @Test
    void weFindAPeerThroughJs() throws Exception {
        try (JsPeer far = JsPeer.start()) {
            join();
            far.call("dial", "addr", server.address());
            await().untilAsserted(() -> assertThat(tableOf(server)).contains(far.id()));

            OperationResult.FoundPeer found =
                    ours.run(new Operation.FindPeer(PeerId.parse(far.id())), OperationResult.FoundPeer.class);

            PeerInfo peer = found.peer();
            assertThat(peer).isNotNull();
            assertThat(peer.addresses()).anyMatch(address -> far.address().startsWith(address.toString()));
        }
    }

    @Test
    void bothListTheOtherAmongTheClosest() throws Exception {
        join();

        OperationResult.Closest closest = ours.run(
                new Operation.FindClosest(Bytes.ofText("/test/anything")), OperationResult.Closest.class);
        JsonNode seen = client.call("kadClosest", "key", "/test/anything");

        assertThat(closest.peers()).extracting(PeerInfo::id).containsExactly(PeerId.parse(server.id()));
        // js asks only who is nearer to the key than whoever named him, so it may leave out the server
        assertThat(seen.get("peers").valueStream().map(p -> p.get("peerId").asString()))
                .contains(ours.id())
                .isSubsetOf(ours.id(), server.id());
        assertThat(seen.get("errors")).isEmpty();
    }

    @Test
    void aBootstrapThroughJsFillsOurTable() throws Exception {
        try (JsPeer second = JsPeer.start();
                JsPeer third = JsPeer.start()) {
            second.call("dial", "addr", server.address());
            third.call("dial", "addr", server.address());
            await().untilAsserted(() -> assertThat(tableOf(server)).contains(second.id(), third.id()));
            ours.connect(server);
            await().untilAsserted(() -> assertThat(ours.swarm.status().routingTable()).isPositive());

            ours.run(new Operation.Bootstrap(), OperationResult.Bootstrapped.class);

            await().untilAsserted(() -> assertThat(ours.swarm.status().routingTable()).isEqualTo(3));
            await().untilAsserted(() -> assertThat(tableOf(second)).contains(ours.id()));
            await().untilAsserted(() -> assertThat(tableOf(third)).contains(ours.id()));
        }
    }

    @Test
    void asAClientWeStayOutOfTheTableOfJs() throws Exception {
        try (OurSwarm asking = OurSwarm.start(DhtMode.CLIENT)) {
            asking.connect(server);
            server.call("kadPut", "key", "/test/eight", "value", base64("from js"));

            OperationResult.FoundValue found = asking.run(get("/test/eight"), OperationResult.FoundValue.class);

            assertThat(text(found.best())).isEqualTo("from js");
            JsonNode told = server.call("identify", "peer", asking.id());
            assertThat(JsPeer.strings(told.get("protocols"))).doesNotContain("/swarmscope/kad/1.0.0");
            assertThat(tableOf(server)).doesNotContain(asking.id());
        }
    }

    private static List<String> tableOf(JsPeer js) {
        return JsPeer.strings(js.call("kadTable").get("peers"));
    }

    private static Operation put(String key, String value) {
        return new Operation.PutValue(Bytes.ofText(key), Bytes.ofText(value));
    }

    private static Operation get(String key) {
        return new Operation.GetValue(Bytes.ofText(key), 0);
    }

    private static String text(KadRecord record) {
        assertThat(record).isNotNull();
        return new String(record.value().array(), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return JsPeer.base64(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A SHA-256 digest that no other test used. */
    private static String digest() {
        return HexFormat.of()
                .formatHex(OurHost.sha256().digest(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static Bytes multihash(String digest) {
        return Bytes.of(HexFormat.of().parseHex("1220" + digest));
    }
}
