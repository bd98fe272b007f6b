package io.swarmscope.examples;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * Sends what a program tells OpenTelemetry to a collector, by OTLP over HTTP: the library has the interfaces only, and a program such as this one
 * chooses. Spans go soon after they ended, metrics now and then, the rest at the end. Used by the thread of a command.
 */
final class Collector implements AutoCloseable {
    private static final Duration METRICS_EVERY = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final OpenTelemetrySdk sdk;

    /**
     * One that nothing is sent to yet.
     *
     * @throws IllegalArgumentException if it is no address of a collector
     */
    Collector(URI base) {
        String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
        if (base.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("http://HOST:PORT or https://HOST:PORT");
        }
        String url = base.toString().replaceAll("/+$", "");
        Resource resource = Resource.getDefault()
                .merge(Resource.builder().put(AttributeKey.stringKey("service.name"), "swarmscope").build());
        OtlpHttpSpanExporter spans =
                OtlpHttpSpanExporter.builder().setEndpoint(url + "/v1/traces").setTimeout(PATIENCE).build();
        OtlpHttpMetricExporter metrics =
                OtlpHttpMetricExporter.builder().setEndpoint(url + "/v1/metrics").setTimeout(PATIENCE).build();
        sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setResource(resource)
                        .addSpanProcessor(BatchSpanProcessor.builder(spans).build())
                        .build())
                .setMeterProvider(SdkMeterProvider.builder()
                        .setResource(resource)
                        .registerMetricReader(PeriodicMetricReader.builder(metrics).setInterval(METRICS_EVERY).build())
                        .build())
                .build();
    }

    OpenTelemetry sdk() {
        return sdk;
    }

    /** Sends what has not been sent, for some seconds at most; once. */
    @Override
    public void close() {
        sdk.close();
    }
}
