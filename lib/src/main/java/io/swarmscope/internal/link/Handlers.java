package io.swarmscope.internal.link;

import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The protocols a host answers, in the order in which they were registered. Safe for any thread. */
final class Handlers {
    private final ReentrantLock changes = new ReentrantLock();

    /** Replaced as a whole by each change, because it is read for every stream and changed hardly ever. */
    private volatile Map<String, StreamHandler> handlers = Map.of();

    void add(String protocol, StreamHandler handler) {
        requireValid(protocol);
        changes.lock();
        try {
            Map<String, StreamHandler> more = new LinkedHashMap<>(handlers);
            if (more.putIfAbsent(protocol, handler) != null) {
                throw new IllegalArgumentException("protocol " + protocol + " has a handler already; unhandle it first");
            }
            handlers = Collections.unmodifiableMap(more);
        } finally {
            changes.unlock();
        }
    }

    /** Returns whether there was a handler. */
    boolean remove(String protocol) {
        changes.lock();
        try {
            Map<String, StreamHandler> fewer = new LinkedHashMap<>(handlers);
            boolean removed = fewer.remove(protocol) != null;
            handlers = Collections.unmodifiableMap(fewer);
            return removed;
        } finally {
            changes.unlock();
        }
    }

    @Nullable StreamHandler get(String protocol) {
        return handlers.get(protocol);
    }

    boolean has(String protocol) {
        return handlers.containsKey(protocol);
    }

    List<String> protocols() {
        return List.copyOf(handlers.keySet());
    }

    /** Checks what every protocol id must satisfy; other implementations refuse anything else. */
    static void requireValid(String protocol) {
        if (!protocol.startsWith("/")
                || protocol.indexOf('\n') >= 0
                || protocol.getBytes(StandardCharsets.UTF_8).length > Limits.PROTOCOL_ID_BYTES) {
            throw new IllegalArgumentException("protocol id must start with '/', have no line break and at most "
                    + Limits.PROTOCOL_ID_BYTES + " bytes: " + protocol);
        }
    }
}
