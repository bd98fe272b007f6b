package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.PATIENCE;
import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.swarmscope.ContentId;
import io.swarmscope.DhtMode;
import io.swarmscope.PackageId;
import io.swarmscope.Query;
import io.swarmscope.QueryMetrics;
import io.swarmscope.Registry;
import io.swarmscope.SearchStream;
import io.swarmscope.RegistryException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Three real nodes, of which one tells an SDK what it does: one publication, one search and one find from end to end. */
class TelemetryOfNodesTest {
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("swarmscope.peer.id");

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .build();

    @Test
    void aPublicationIsOneTreeOfSpansWithAnEventForEachHop() throws Exception {
        try (Network network = new Network()) {
            Registry one = network.open();
            Registry two = network.open();
            Registry publisher = network.open(config -> config.withOpenTelemetry(sdk));
            await().atMost(PATIENCE).until(() -> publisher.status().routingTable() == 2);
            spans.reset();
            publisher.publish(manifest("acme/logger", "1.2.0", "A small logger").withContent(new ContentId("sha2-256", "00".repeat(32))));

            SpanData publish = only("publish");
            assertThat(publish.getParentSpanContext().isValid()).isFalse();
            assertThat(publish.getAttributes().asMap().toString())
                    .contains("swarmscope.package.id=acme/logger", "swarmscope.dht.stored=2", "swarmscope.end=stored");
            List<SpanData> children = childrenOf(publish);
            // Two records, of the package and of the version; and the network was asked first what it knows of the package.
            assertThat(children)
                    .extracting(SpanData::getName)
                    .contains("announce", "dht get_value", "dht provide")
                    .filteredOn("dht put_value"::equals)
                    .hasSize(2);
            for (SpanData put : children.stream().filter(s -> s.getName().equals("dht put_value")).toList()) {
                assertThat(put.getEvents()).extracting(EventData::getName).containsExactly("hop", "hop");
                assertThat(put.getEvents())
                        .extracting(event -> event.getAttributes().get(PEER))
                        .containsExactlyInAnyOrder(one.id().toString(), two.id().toString());
                assertThat(put.getEvents()).allSatisfy(event -> {
                    assertThat(event.getAttributes().asMap().toString()).contains("swarmscope.dht.depth=1", "swarmscope.dht.took=");
                    assertThat(event.getEpochNanos()).isBetween(put.getStartEpochNanos() - 1_000_000_000, put.getEndEpochNanos());
                });
                assertThat(put.getAttributes().asMap().toString()).contains("swarmscope.dht.stored=2", "swarmscope.dht.asked=2");
            }
        }
    }

    @Test
    void aSearchHasOneChildForEachPeerAsked() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            Registry other = network.open();
            Registry searcher = network.open(config -> config.withDhtMode(DhtMode.CLIENT).withOpenTelemetry(sdk));
            publisher.publish(manifest("acme/logger", "1.2.0", "A small logger"));
            await().atMost(PATIENCE).until(() -> searcher.status().peers().size() == 2);
            spans.reset();
            assertThat(searcher.search(Query.text("logger")).hits()).hasSize(1);

            SpanData search = only("search");
            assertThat(search.getAttributes().asMap().toString())
                    .contains("swarmscope.search.results=1", "swarmscope.search.asked=2", "swarmscope.search.answered=2")
                    .contains("swarmscope.search.complete=true", "swarmscope.end=all-answered")
                    .doesNotContain("logger");
            List<SpanData> asked = childrenOf(search);
            assertThat(asked)
                    .allSatisfy(ask -> {
                        assertThat(ask.getName()).isEqualTo("ask");
                        assertThat(ask.getAttributes().asMap().toString()).contains("network.peer.address=127.0.0.1");
                        assertThat(ask.getStartEpochNanos()).isGreaterThanOrEqualTo(search.getStartEpochNanos());
                        assertThat(ask.getEndEpochNanos()).isLessThanOrEqualTo(search.getEndEpochNanos());
                    })
                    .extracting(ask -> ask.getAttributes().get(PEER))
                    .containsExactlyInAnyOrder(publisher.id().toString(), other.id().toString());
        }
    }

    @Test
    void aStreamOfHitsIsASearchToo() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            Registry searcher = network.open(config -> config.withDhtMode(DhtMode.CLIENT).withOpenTelemetry(sdk));
            publisher.publish(manifest("acme/logger", "1.2.0", "A small logger"));
            publisher.publish(manifest("acme/fast-logger", "1.2.0", "A fast logger"));
            await().atMost(PATIENCE).until(() -> searcher.status().peers().size() == 1);
            spans.reset();
            Span caller = sdk.getTracer("test").spanBuilder("caller").startSpan();
            try (Scope scope = caller.makeCurrent();
                    SearchStream read = searcher.searchStream(Query.text("logger"))) {
                assertThat(read).toIterable().hasSize(2);
            } finally {
                caller.end();
            }
            try (SearchStream enough = searcher.searchStream(Query.text("fast"))) {
                assertThat(enough.next().found().id().name()).isEqualTo("fast-logger");
            }

            SpanData search = named("search").getFirst();
            assertThat(search.getParentSpanId()).isEqualTo(caller.getSpanContext().getSpanId());
            assertThat(search.getAttributes().asMap().toString()).contains("swarmscope.search.results=2", "swarmscope.end=all-answered");
            assertThat(childrenOf(search)).extracting(SpanData::getName).containsExactly("ask");
            QueryMetrics.Calls searches = searcher.metrics().searches();
            assertThat(searches.total()).isEqualTo(2);
            assertThat(searches.successful()).as("who had enough was served").isEqualTo(2);
            assertThat(searches.inFlight()).isZero();
            assertThat(searches.results().max()).isEqualTo(2);
        }
    }

    @Test
    void openingJoiningAndFindingAreSpansTooAndSomeOfWhatTheSwarmHandles() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            network.open();
            publisher.publish(manifest("acme/logger", "1.2.0", "A small logger"));
            Registry finder = network.open(config -> config.withDhtMode(DhtMode.CLIENT).withOpenTelemetry(sdk));
            finder.bootstrap();
            assertThat(finder.find(PackageId.parse("acme/logger"))).isPresent();
            assertThat(finder.find(PackageId.parse("acme/nothing"))).isEmpty();

            only("open");
            assertThat(childrenOf(only("bootstrap"))).extracting(SpanData::getName).contains("dht bootstrap");
            List<SpanData> finds = named("find");
            assertThat(finds).hasSize(2);
            assertThat(finds.get(0).getAttributes().asMap().toString()).contains("swarmscope.end=found");
            assertThat(finds.get(1).getAttributes().asMap().toString()).contains("swarmscope.end=absent");
            assertThat(childrenOf(finds.get(1))).extracting(SpanData::getName).contains("dht get_value");
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(named("handle kad")).isNotEmpty();
                assertThat(named("handle gossip")).isNotEmpty();
                assertThat(named("handle identify")).isNotEmpty();
            });
            assertThat(named("handle kad")).allSatisfy(span -> assertThat(span.getParentSpanContext().isValid()).isFalse());
        }
    }

    @Test
    void metricsHaveTheirNamesUnitsAndValuesAndEndWithTheNode() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            Registry node = network.open(config -> config.withOpenTelemetry(sdk));
            node.publish(manifest("mine/own", "1", "Published here"));
            publisher.publish(manifest("acme/logger", "1.2.0", "A small logger"));
            await().atMost(PATIENCE).until(() -> node.status().packages() == 2);
            await().atMost(PATIENCE).until(() -> node.status().counters().getOrDefault("gossip.mesh", 0L) >= 1);
            node.search(Query.text("logger"));
            node.find(PackageId.parse("acme/logger"));

            Map<String, MetricData> told = collect();
            assertThat(told.get("swarmscope.search.duration").getUnit()).isEqualTo("s");
            assertThat(told.get("swarmscope.search.duration").getHistogramData().getPoints()).singleElement().satisfies(point -> {
                assertThat(point.getCount()).isEqualTo(1);
                assertThat(point.getSum()).isBetween(0.0, 10.0);
            });
            assertThat(told.get("swarmscope.find.duration").getHistogramData().getPoints()).hasSize(1);
            assertThat(told.get("swarmscope.publish.duration").getHistogramData().getPoints()).hasSize(1);
            assertThat(sum(told, "swarmscope.search.active")).isZero();
            assertThat(sum(told, "swarmscope.connections")).isEqualTo(1);
            assertThat(sum(told, "swarmscope.dht.table.size")).isEqualTo(1);
            assertThat(sum(told, "swarmscope.packages")).isEqualTo(2);
            assertThat(sum(told, "swarmscope.gossip.mesh.size")).isGreaterThanOrEqualTo(1);
            assertThat(sum(told, "swarmscope.gossip.announcements")).isGreaterThanOrEqualTo(2);
            assertThat(told.get("swarmscope.network.io").getUnit()).isEqualTo("By");
            assertThat(sum(told, "swarmscope.network.io")).isGreaterThan(1_000);
            assertThat(sum(told, "swarmscope.swarm.events")).isGreaterThan(10);
            assertThat(sum(told, "swarmscope.swarm.turns")).isGreaterThan(5);
            assertThat(told.get("swarmscope.swarm.busy_time").getDoubleSumData().getPoints())
                    .allSatisfy(point -> assertThat(point.getValue()).isPositive());
            assertThat(told.get("swarmscope.swarm.turn.longest").getDoubleGaugeData().getPoints()).hasSize(1);
            assertThat(told.get("swarmscope.records.refused").getLongSumData().getPoints())
                    .allSatisfy(point -> assertThat(point.getAttributes().asMap().toString())
                            .contains("swarmscope.reason=", "swarmscope.node.id=" + node.id()));
            assertThat(told.get("swarmscope.limits.met").getLongSumData().getPoints())
                    .extracting(point -> point.getAttributes().get(AttributeKey.stringKey("swarmscope.reason")))
                    .containsExactlyInAnyOrder("refused", "timed_out", "passed_over");
            node.close();
            assertThat(collect()).doesNotContainKey("swarmscope.connections");
        }
    }

    @Test
    void callsAreCountedAndCanBeReadAfterTheEnd() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            Registry client = network.open(config -> config.withDhtMode(DhtMode.CLIENT).withMaxPackages(0));
            publisher.publish(manifest("acme/logger", "1.2.0", "A small logger"));
            client.search(Query.text("logger"));
            publisher.search(Query.text("logger").limit(1));
            client.find(PackageId.parse("acme/logger"));
            client.find(PackageId.parse("acme/nothing"));
            publisher.find(PackageId.parse("acme/logger"));

            QueryMetrics asked = client.metrics();
            assertThat(asked.searches().total()).isEqualTo(1);
            assertThat(asked.searches().successful()).isEqualTo(1);
            assertThat(asked.searches().peersAsked()).isEqualTo(1);
            assertThat(asked.searches().fanOutEffectiveness()).isEqualTo(1);
            assertThat(asked.searches().results().max()).isEqualTo(1);
            assertThat(asked.searches().durations().p50()).isPositive();
            assertThat(asked.finds().successful()).isEqualTo(2);
            assertThat(asked.finds().usefulAnswers()).isGreaterThanOrEqualTo(1);
            assertThat(asked.finds().peersAsked()).isGreaterThanOrEqualTo(2);
            assertThat(asked.finds().cacheHitRate()).isZero();
            assertThat(publisher.metrics().searches().cacheHitRate()).isEqualTo(1);
            assertThat(publisher.metrics().finds().cacheHitRate()).isEqualTo(1);

            client.close();
            assertThat(client.metrics()).isEqualTo(asked);
            assertThatThrownBy(() -> client.search(Query.text("logger"))).isInstanceOf(RegistryException.Closed.class);
        }
    }

    @Test
    void whoHasNobodyToAskCountsThatAsAFailureToFindOut() throws Exception {
        try (Network network = new Network()) {
            Registry alone = network.open(config -> config.withOpenTelemetry(sdk));
            assertThatThrownBy(() -> alone.find(PackageId.parse("acme/logger"))).isInstanceOf(RegistryException.CouldNotFindOut.class);
            assertThat(alone.metrics().finds().failures()).isEqualTo(Map.of("could-not-find-out", 1L));
            assertThat(only("find").getAttributes().asMap().toString())
                    .contains("error.type=io.swarmscope.RegistryException$CouldNotFindOut");
        }
    }

    private Map<String, MetricData> collect() {
        Collection<MetricData> all = metrics.collectAllMetrics();
        return all.stream().collect(Collectors.toMap(MetricData::getName, Function.identity()));
    }

    private static long sum(Map<String, MetricData> told, String name) {
        return told.get(name).getLongSumData().getPoints().stream().mapToLong(LongPointData::getValue).sum();
    }

    private List<SpanData> named(String name) {
        return spans.getFinishedSpanItems().stream().filter(span -> span.getName().equals(name)).toList();
    }

    private SpanData only(String name) {
        assertThat(named(name)).as(name).hasSize(1);
        return named(name).getFirst();
    }

    private List<SpanData> childrenOf(SpanData parent) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getParentSpanId().equals(parent.getSpanId()) && span.getTraceId().equals(parent.getTraceId()))
                .toList();
    }
}
