package io.swarmscope.internal.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.swarmscope.host.HostException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One part of the work, as a span. Current on the thread that began it, which must be the one that closes it; parts that begin meanwhile are its
 * children. Does nothing where nobody traces.
 */
public final class TracedPart implements AutoCloseable {

    static final TracedPart NOTHING = new TracedPart(null, null);

    private final @Nullable Span span;
    private final @Nullable Scope scope;

    private TracedPart(@Nullable Span span, @Nullable Scope scope) {
        this.span = span;
        this.scope = scope;
    }

    @SuppressWarnings("MustBeClosedChecker") // by close
    static TracedPart of(Span span) {
        return new TracedPart(span, span.makeCurrent());
    }

    /** Whether somebody will see what is set here; if not, it need not be put together. */
    public boolean isSeen() {
        return span != null && span.isRecording();
    }

    /** Says something about it. */
    public TracedPart set(String key, String value) {
        if (span != null) {
            span.setAttribute(key, value);
        }
        return this;
    }

    /** Says something about it. */
    public TracedPart set(String key, long value) {
        if (span != null) {
            span.setAttribute(key, value);
        }
        return this;
    }

    /** Says something about it. */
    public TracedPart set(String key, boolean value) {
        if (span != null) {
            span.setAttribute(key, value);
        }
        return this;
    }

    /** Something happened in it, at that time; numbers stay numbers. */
    public void event(String name, Instant at, Map<String, ?> about) {
        if (span != null) {
            AttributesBuilder attributes = Attributes.builder();
            about.forEach((key, value) -> {
                switch (value) {
                    case Double seconds -> attributes.put(key, seconds);
                    case Number whole -> attributes.put(key, whole.longValue());
                    default -> attributes.put(key, value.toString());
                }
            });
            span.addEvent(name, attributes.build(), at);
        }
    }

    /** It failed, or was cancelled. The stack is left out: what peers do is no defect of ours. */
    public void failed(Throwable cause) {
        if (cause instanceof InterruptedException || (cause instanceof HostException e && e.kind() == HostException.Kind.INTERRUPTED)) {
            set("swarmscope.cancelled", true); // somebody else was first, or the caller has gone
            return;
        }
        failed(cause.getClass().getName(), String.valueOf(cause.getMessage()));
    }

    /** It failed. */
    public void failed(String type, String message) {
        if (span != null) {
            span.setAttribute("error.type", type);
            span.setStatus(StatusCode.ERROR, message);
        }
    }

    /** It is over. */
    @Override
    public void close() {
        if (scope != null) {
            scope.close();
        }
        if (span != null) {
            span.end();
        }
    }
}
