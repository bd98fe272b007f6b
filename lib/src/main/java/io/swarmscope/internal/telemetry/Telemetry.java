package io.swarmscope.internal.telemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.wire.Limits;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's way to OpenTelemetry: owns its tracer and meter, which the rest of the code does not see. Thread-safe. Without an SDK it makes no span and
 * records nothing, at the price of a look at a field.
 */
public final class Telemetry implements AutoCloseable {

    /** Names what spans and metrics come from. */
    static final String SCOPE = "io.swarmscope";

    /** Makes and records nothing. */
    public static final Telemetry OFF = new Telemetry(OpenTelemetry.noop());

    private static final AttributeKey<String> END = AttributeKey.stringKey("swarmscope.end");

    /** Seconds: as OpenTelemetry proposes for requests, and two below, since neighbours answer in less than a millisecond. */
    private static final List<Double> SECONDS =
            List.of(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    private final Tracer tracer;
    private final Meter meter;
    private final DoubleHistogram searches;
    private final DoubleHistogram finds;
    private final DoubleHistogram publications;

    /** Places for what is told later, since an exporter may take its time. */
    private final Semaphore later = new Semaphore(Limits.TELEMETRY_LATER);

    private volatile @Nullable NodeInstruments instruments;

    /** Over what the configuration names, or else what the process has registered by now, or else nothing. */
    public static Telemetry of(RegistryConfig config) {
        return new Telemetry(config.openTelemetry().orElseGet(GlobalOpenTelemetry::getOrNoop));
    }

    Telemetry(OpenTelemetry api) {
        tracer = api.getTracer(SCOPE);
        meter = api.getMeter(SCOPE);
        searches = duration("swarmscope.search.duration", "How long searches took, by what ended them");
        finds = duration("swarmscope.find.duration", "How long looking for one package took, by what came of it");
        publications = duration("swarmscope.publish.duration", "How long publishing and withdrawing took, by what came of it");
    }

    private DoubleHistogram duration(String name, String description) {
        return meter.histogramBuilder(name)
                .setUnit("s")
                .setDescription(description)
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
    }

    /** Whether somebody traces, now. */
    public boolean isTracing() {
        return tracer.isEnabled();
    }

    /** Begins a part of the work on this thread; to be closed by it. */
    public TracedPart begin(String name) {
        return tracer.isEnabled() ? TracedPart.of(tracer.spanBuilder(name).startSpan()) : TracedPart.NOTHING;
    }

    /** Begins to ask a peer. */
    public TracedPart ask(PeerId peer, Multiaddr address) {
        if (!tracer.isEnabled()) {
            return TracedPart.NOTHING;
        }
        SpanBuilder span = tracer.spanBuilder("ask").setSpanKind(SpanKind.CLIENT).setAttribute("swarmscope.peer.id", peer.toString());
        address.host().ifPresent(host -> span.setAttribute("network.peer.address", host));
        address.tcpPort().ifPresent(port -> span.setAttribute("network.peer.port", (long) port));
        return TracedPart.of(span.startSpan());
    }

    /**
     * Tells of something that a thread did which must not wait: its span is made on another thread. Returns at once. If too much of that waits, it is
     * not told.
     *
     * @param beganNanos readings of {@link System#nanoTime}
     */
    public void toldLater(String name, long beganNanos, long endedNanos) {
        if (!tracer.isEnabled() || !later.tryAcquire()) {
            return;
        }
        Thread.ofVirtual().name("swarmscope-telemetry").start(() -> {
            try {
                tracer.spanBuilder(name)
                        .setParent(Context.root())
                        .setStartTimestamp(at(beganNanos))
                        .startSpan()
                        .end(at(endedNanos));
            } finally {
                later.release();
            }
        });
    }

    /** The wall clock's time at a reading of {@link System#nanoTime}. */
    public static Instant at(long nanoTime) {
        return Instant.now().minusNanos(System.nanoTime() - nanoTime);
    }

    /** Runs something in the context of the thread that asked for this. */
    public interface Carrier {
        /** Runs it, on this thread. */
        <T> T run(Supplier<T> task);
    }

    /** Carries the context of this thread to others. */
    public Carrier carrier() {
        Context context = Context.current();
        return new Carrier() {
            @Override
            public <T> T run(Supplier<T> task) {
                return context.wrapSupplier(task).get();
            }
        };
    }

    /** The same whose threads go on in the context of who forked them. */
    public Forks carriedBy(Forks forks) {
        return new TracedForks(forks);
    }

    /** A search ended, by that. */
    public void searched(long nanos, String end) {
        record(searches, nanos, end);
    }

    /** Looking for one package ended, in that. */
    public void found(long nanos, String end) {
        record(finds, nanos, end);
    }

    /** Publishing or withdrawing ended, in that. */
    public void published(long nanos, String end) {
        record(publications, nanos, end);
    }

    private static void record(DoubleHistogram durations, long nanos, String end) {
        if (durations.isEnabled()) {
            durations.record(nanos / 1e9, Attributes.of(END, end));
        }
    }

    /**
     * Tells from now on what this node counts, whenever somebody reads metrics. Called once.
     *
     * @param source is read then, on the reader's thread
     */
    public void observe(PeerId node, NodeInstruments.Source source) {
        instruments = new NodeInstruments(meter, node, source);
    }

    /** Tells no more what the node counts. */
    @Override
    public void close() {
        NodeInstruments observed = instruments;
        if (observed != null) {
            observed.close();
        }
    }
}
