package io.swarmscope.internal.link.yamux;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one session that the peer knows of, and how many there may be. For any thread, unless a method says otherwise.
 */
final class StreamTable {

    /**
     * An inbound stream that is over on the wire may still have a handler at work. So many times {@code maxInbound} handlers there
     * may be: a peer that opens and resets in a loop must not start any number of them.
     */
    private static final int HANDLERS_PER_STREAM = 2;

    private final ConcurrentHashMap<Integer, YamuxStream> streams = new ConcurrentHashMap<>(8);
    private final int maxInbound;
    private final boolean client;
    private final Places places;
    private final AtomicInteger inbound = new AtomicInteger();
    private final AtomicInteger handlers = new AtomicInteger();

    /** Guarded by the lock of {@link Outbound}; negative when all are used. */
    private int nextId;

    StreamTable(boolean client, YamuxConfig config, Deadlines deadlines) {
        this.client = client;
        this.maxInbound = config.maxInbound();
        this.places = new Places(config.maxOutbound(), config.maxUnacknowledged(), deadlines);
        this.nextId = client ? 1 : 2;
    }

    /** Where outbound streams wait. */
    Places places() {
        return places;
    }

    /** The id of an outbound stream whose first frame is being queued. Under the lock of {@link Outbound}. */
    int register(YamuxStream stream) throws HostException {
        if (nextId < 0) {
            throw new HostException(Kind.CONNECTION_CLOSED, "the connection has used up its stream ids");
        }
        int id = nextId;
        nextId += 2;
        streams.put(id, stream);
        return id;
    }

    // ---- Streams of the peer's, on the reader thread

    boolean isPeers(int id) {
        return (id & 1) == (client ? 0 : 1);
    }

    boolean admitsInbound() {
        return inbound.get() < maxInbound && handlers.get() < HANDLERS_PER_STREAM * maxInbound;
    }

    void addInbound(int id, YamuxStream stream) {
        inbound.incrementAndGet();
        handlers.incrementAndGet();
        streams.put(id, stream);
    }

    @Nullable
    YamuxStream get(int id) {
        return streams.get(id);
    }

    // ---- Both

    /** A stream is over on the wire, or was given up before it got there. Once for each. */
    void remove(int id, YamuxStream stream) {
        streams.remove(id, stream);
        if (stream.inbound()) {
            inbound.decrementAndGet();
        } else {
            places.release();
        }
    }

    /** The application is done with an inbound stream. */
    void handlerDone() {
        handlers.decrementAndGet();
    }

    int size() {
        return streams.size();
    }

    Collection<YamuxStream> all() {
        return streams.values();
    }
}
