package io.swarmscope.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.fork.Plan;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final PeerId PEER = PeerId.ofPublicKey(new byte[] {8, 1, 18, 4, 1, 2, 3, 4});

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final Telemetry telemetry = new Telemetry(sdk(exporter));

    private static OpenTelemetry sdk(SpanExporter exporter) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build())
                .build();
    }

    @Test
    void forkedTasksAreChildrenOfWhoForkedThem() throws Exception {
        Forks forks = telemetry.carriedBy(Forks.best());
        List<Callable<Boolean>> tasks = List.of(this::task, this::task);
        try (TracedPart parent = telemetry.begin("parent")) {
            List<Outcome<Boolean>> outcomes =
                    forks.run("test", tasks, Forks.all(), Deadline.after(PATIENCE));
            assertThat(outcomes).hasSize(2).allSatisfy(o -> assertThat(o).isInstanceOf(Outcome.Value.class));
            parent.set("tasks", 2);
        }
        List<SpanData> spans = exporter.getFinishedSpanItems();
        SpanData parent = spans.getLast();
        assertThat(spans).extracting(SpanData::getName).containsExactly("ask", "ask", "parent");
        assertThat(spans.subList(0, 2)).allSatisfy(span -> {
            assertThat(span.getParentSpanId()).isEqualTo(parent.getSpanId());
            assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
            assertThat(span.getAttributes().asMap().toString()).contains("network.peer.address=192.0.2.1", "network.peer.port=4001");
        });
        assertThat(Context.current()).as("nothing is left behind").isEqualTo(Context.root());
        assertThat(forks.kind()).isEqualTo(Forks.best().kind());
    }

    private boolean task() {
        try (TracedPart part = telemetry.ask(PEER, Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"))) {
            return part.isSeen();
        }
    }

    @Test
    void aFailureSaysItsTypeWithoutAStackAndAnInterruptIsNone() {
        try (TracedPart part = telemetry.begin("failing")) {
            part.failed(new IOException("reset"));
        }
        try (TracedPart part = telemetry.begin("interrupted")) {
            part.failed(new InterruptedException());
        }
        List<SpanData> spans = exporter.getFinishedSpanItems();
        assertThat(spans.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(spans.get(0).getStatus().getDescription()).isEqualTo("reset");
        assertThat(spans.get(0).getEvents()).isEmpty();
        assertThat(spans.get(1).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(spans.get(1).getAttributes().asMap().toString()).contains("swarmscope.cancelled=true");
    }

    @Test
    void withoutAnSdkNothingIsMadeAndNothingIsCarriedOver() throws Exception {
        Telemetry off = Telemetry.of(RegistryConfig.DEFAULT.withOpenTelemetry(OpenTelemetry.noop()));
        assertThat(off.isTracing()).isFalse();
        assertThat(off.begin("search")).isSameAs(TracedPart.NOTHING);
        assertThat(off.ask(PEER, Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"))).isSameAs(TracedPart.NOTHING);
        Callable<Boolean> task = () -> true;
        List<Outcome<Boolean>> outcomes = off.carriedBy(new Forks() {
                    @Override
                    public <T> List<Outcome<T>> run(String name, Plan<T> plan) {
                        assertThat(plan.next(System.nanoTime()).start().getFirst()).as("not wrapped").isSameAs(task);
                        return List.of();
                    }

                    @Override
                    public String kind() {
                        return "none";
                    }
                })
                .run("test", List.of(task), Forks.all(), Deadline.after(PATIENCE));
        assertThat(outcomes).isEmpty();
    }

    @Test
    void anExporterThatIsStuckHoldsUpNobodyAndAFewThreads() {
        CountDownLatch stuck = new CountDownLatch(1);
        AtomicInteger exported = new AtomicInteger();
        Telemetry slow = new Telemetry(sdk(new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                exported.addAndGet(spans.size());
                try {
                    stuck.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess();
            }
        }));
        for (int i = 0; i < 100_000; i++) {
            slow.toldLater("handle kad", System.nanoTime(), System.nanoTime());
        }
        stuck.countDown();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(exported.get()).isBetween(1, Limits.TELEMETRY_LATER));
    }

    @Test
    void whatIsToldLaterHasTheTimesOfWhenItWasAndNoParent() {
        long began = System.nanoTime() - Duration.ofMillis(500).toNanos();
        try (TracedPart unrelated = telemetry.begin("unrelated")) {
            telemetry.toldLater("handle kad", began, began + 1_000_000);
            unrelated.set("x", 1);
        }
        await().atMost(PATIENCE).until(() -> exporter.getFinishedSpanItems().size() == 2);
        SpanData told = exporter.getFinishedSpanItems().stream().filter(s -> s.getName().equals("handle kad")).findAny().orElseThrow();
        assertThat(told.getParentSpanContext().isValid()).isFalse();
        assertThat(told.getEndEpochNanos() - told.getStartEpochNanos()).isBetween(500_000L, 5_000_000_000L);
        long nowNanos = System.currentTimeMillis() * 1_000_000;
        assertThat(nowNanos - told.getStartEpochNanos()).isGreaterThan(400_000_000L);
    }
}
