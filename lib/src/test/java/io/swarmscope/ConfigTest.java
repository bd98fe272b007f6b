package io.swarmscope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConfigTest {
    private static final String PEER = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";

    @Test
    void thePresetsAreWhatIsDocumented() {
        assertThat(QueryConfig.development()).isEqualTo(new QueryConfig(Duration.ofSeconds(30), 10, false, 1));
        assertThat(QueryConfig.staging()).isEqualTo(new QueryConfig(Duration.ofSeconds(15), 20, true, 2));
        assertThat(QueryConfig.production()).isEqualTo(new QueryConfig(Duration.ofSeconds(10), 20, true, 3));
        assertThat(QueryConfig.DEFAULT).isEqualTo(QueryConfig.production());
    }

    @Test
    void queryConfigChangesOnePartAtATime() {
        QueryConfig changed = QueryConfig.DEFAULT
                .withTimeout(Duration.ofSeconds(1))
                .withMaxResults(5)
                .withFanOut(7)
                .withAdaptiveTimeout(false);

        assertThat(changed).isEqualTo(new QueryConfig(Duration.ofSeconds(1), 5, false, 7));
    }

    @Test
    void queryConfigIsHeldToItsRanges() {
        refused("query timeout", () -> QueryConfig.DEFAULT.withTimeout(Duration.ZERO));
        refused("query timeout", () -> QueryConfig.DEFAULT.withTimeout(Duration.ofMillis(-1)));
        refused("query timeout", () -> QueryConfig.DEFAULT.withTimeout(Duration.ofMinutes(61)));
        refused("max results", () -> QueryConfig.DEFAULT.withMaxResults(0));
        refused("max results", () -> QueryConfig.DEFAULT.withMaxResults(1_001));
        refused("fan-out", () -> QueryConfig.DEFAULT.withFanOut(0));
        refused("fan-out", () -> QueryConfig.DEFAULT.withFanOut(65));
    }

    @Test
    void registryConfigChangesOnePartAtATime() {
        RegistryConfig changed = RegistryConfig.DEFAULT
                .withNetwork("my-net")
                .withListen("/ip4/127.0.0.1/tcp/0", "/ip6/::1/tcp/0")
                .withAnnounce("/dns4/example.org/tcp/4001")
                .withBootstrap("/ip4/10.0.0.1/tcp/4001/p2p/" + PEER)
                .withDataDirectory(Path.of("data"))
                .withDhtMode(DhtMode.CLIENT)
                .withQuery(QueryConfig.development())
                .withRecordLifetime(Duration.ofHours(1))
                .withMaxPackages(7)
                .withPerf(true)
                .withLocation(new Location(52.5, 13.4));

        assertThat(changed.network()).isEqualTo("my-net");
        assertThat(changed.listen()).hasSize(2);
        assertThat(changed.announce()).hasSize(1);
        assertThat(changed.bootstrap()).extracting(a -> a.peerId().orElseThrow().toString()).containsExactly(PEER);
        assertThat(changed.dataDirectory()).contains(Path.of("data"));
        assertThat(changed.withDataDirectory(null).dataDirectory()).isEmpty();
        assertThat(changed.dhtMode()).isEqualTo(DhtMode.CLIENT);
        assertThat(changed.query()).isEqualTo(QueryConfig.development());
        assertThat(changed.recordLifetime()).isEqualTo(Duration.ofHours(1));
        assertThat(changed.maxPackages()).isEqualTo(7);
        assertThat(changed.perf()).isTrue();
        assertThat(changed.location()).contains(new Location(52.5, 13.4));
        assertThat(changed.withLocation(null).location()).isEmpty();
        assertThat(RegistryConfig.DEFAULT.network()).isEqualTo(RegistryConfig.DEFAULT_NETWORK);
        assertThat(RegistryConfig.DEFAULT.perf()).isFalse();
    }

    @Test
    void registryConfigIsHeldToItsRanges() {
        refused("network", () -> RegistryConfig.DEFAULT.withNetwork("My Net"));
        refused("network", () -> RegistryConfig.DEFAULT.withNetwork("x".repeat(33)));
        refused("listen address", () -> RegistryConfig.DEFAULT.withListen("localhost:4001"));
        refused("announce address", () -> RegistryConfig.DEFAULT.withAnnounce("/ip4/1.2.3.4/tcp/99999"));
        refused("bootstrap address", () -> RegistryConfig.DEFAULT.withBootstrap("/ip4/10.0.0.1/tcp/4001"));
        refused("bootstrap address", () -> RegistryConfig.DEFAULT.withBootstrap("/ip4/10.0.0.1/udp/4001/quic-v1/p2p/" + PEER));
        refused("bootstrap address", () -> RegistryConfig.DEFAULT.withBootstrap("/ip4/10.0.0.1/tcp/4001/p2p/nonsense"));
        refused("record lifetime", () -> RegistryConfig.DEFAULT.withRecordLifetime(Duration.ofSeconds(59)));
        refused("record lifetime", () -> RegistryConfig.DEFAULT.withRecordLifetime(Duration.ofDays(31)));
        refused("latitude", () -> new Location(90.1, 0));
        refused("longitude", () -> new Location(0, Double.NaN));
        refused("max packages", () -> RegistryConfig.DEFAULT.withMaxPackages(-1));
    }

    @Test
    void queriesAreHeldToTheirRanges() {
        String[] many = new String[17];
        java.util.Arrays.fill(many, "x");

        assertThat(Query.text("a")
                        .limit(3)
                        .inCategories("c")
                        .withTags("t")
                        .withLicense("l")
                        .orderedBy(Query.Order.NEWEST)
                        .offset(7)
                        .withFacets(9))
                .isEqualTo(new Query("a", List.of("c"), List.of("t"), List.of("l"), Query.Order.NEWEST, 7, 3, 9));
        assertThat(Query.all().limit()).isEqualTo(Query.DEFAULT_LIMIT);
        refused("query text", () -> Query.text("x".repeat(257)));
        refused("query text", () -> Query.text("\udc00"));
        refused("query limit", () -> Query.all().limit(1_001));
        refused("query limit", () -> Query.all().limit(-1));
        refused("query offset", () -> Query.all().offset(1_001));
        refused("query offset", () -> Query.all().offset(-1));
        refused("query facets", () -> Query.all().withFacets(101));
        refused("query facets", () -> Query.all().withFacets(-1));
        refused("query licenses", () -> Query.all().withLicense("x".repeat(201)));
        refused("query licenses", () -> Query.all().withLicense(many));
        refused("query tags", () -> Query.all().withTags(" "));
        refused("query tags", () -> Query.all().withTags(many));
        refused("query tags", () -> Query.all().withTags("\ud83d"));
        refused("query categories", () -> Query.all().inCategories("x".repeat(65)));
    }

    @Test
    void messagesAreShortEvenForLongValues() {
        assertThatThrownBy(() -> Query.text("x".repeat(100_000))).hasMessageContaining("...").hasMessageMatching(".{1,250}");
    }

    private static void refused(String field, ThrowingCallable made) {
        assertThatThrownBy(made)
                .isInstanceOfSatisfying(RegistryException.InvalidInput.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void namespacesThatNoPackageCanHaveAndTopicsWithoutANameAreRefused() {
        PeerId key = PeerId.parse("12D3KooWGvVwHYbJacHgjXTs7VceGyjKVoNAjm1uhn3QiDAf6w7x");

        assertThat(RegistryConfig.DEFAULT.withPinnedNamespace("acme", key).withPinnedNamespace("b", key).pinnedNamespaces())
                .containsOnlyKeys("acme", "b");
        assertThatThrownBy(() -> RegistryConfig.DEFAULT.withPinnedNamespace("not/one", key))
                .isInstanceOf(RegistryException.InvalidInput.class);
        assertThatThrownBy(() -> RegistryConfig.DEFAULT.withTopic(" ")).isInstanceOf(RegistryException.InvalidInput.class);
        assertThat(RegistryConfig.DEFAULT.withTopic("/acme/1").topic()).contains("/acme/1");
        assertThat(RegistryConfig.DEFAULT.withTopic("/acme/1").withTopic(null).topic()).isEmpty();
    }
}
