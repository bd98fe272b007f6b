package io.swarmscope.internal.link;

import io.swarmscope.host.HostException;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.link.yamux.YamuxStream;
import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the streams that peers open, each on a virtual thread of its own: agrees on the protocol, then runs its handler. Safe for
 * any thread.
 *
 * <p>A stream beyond a limit waits for its turn like a caller in a queue. The session bounds how many there are and what their
 * buffers hold, and the negotiation's time bounds the wait.
 */
final class Responder {
    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

    private final Handlers handlers;
    private final Set<String> prompt;
    private final LinkTimeouts timeouts;
    private final Counters counters;
    private final ExecutorService threads;

    /** @param prompt protocols whose handlers read or write at once, so that consent can wait for that */
    Responder(
            Handlers handlers,
            Set<String> prompt,
            LinkTimeouts timeouts,
            Counters counters,
            ExecutorService threads) {
        this.handlers = handlers;
        this.prompt = prompt;
        this.timeouts = timeouts;
        this.counters = counters;
        this.threads = threads;
    }

    /** Takes a stream over. Called on a session's reader thread; returns at once. */
    void accept(Link link, YamuxStream stream) {
        try {
            threads.execute(() -> serve(link, stream));
        } catch (RejectedExecutionException e) {
            stream.reset();
        }
    }

    private void serve(Link link, YamuxStream stream) {
        boolean served = false;
        link.awaitAnnounced();
        try {
            served = negotiateAndHandle(link, stream);
        } catch (MalformedException e) {
            link.violated(e);
        } catch (IOException e) {
            failed(link, e);
        } catch (InterruptedException e) {
            LOG.debug("{} is interrupted while it answers a stream", link);
        } catch (RuntimeException e) {
            failed(link, e);
        } finally {
            if (served) {
                stream.close();
            } else {
                stream.reset();
            }
        }
    }

    private void failed(Link link, Exception e) {
        counters.failed(e);
        // What a peer does is no defect of ours; a handler's own defect is, and needs its stack.
        if (e instanceof IOException) {
            LOG.debug("{} has a stream that failed: {}", link, e.getMessage());
        } else {
            LOG.debug("{} has a stream that failed", link, e);
        }
    }

    /** Returns whether a handler ran to its end. */
    private boolean negotiateAndHandle(Link link, YamuxStream stream) throws IOException, InterruptedException {
        stream.timeout(timeouts.negotiation());
        String protocol = negotiate(link, stream);
        StreamHandler handler = protocol == null ? null : handlers.get(protocol);
        if (protocol == null || handler == null) {
            return false;
        }
        Semaphore places = link.account().streams(protocol);
        if (!entered(places)) {
            return false;
        }
        try {
            stream.timeout(timeouts.inboundStream());
            handler.handle(new LinkStream(link, protocol, stream, stream.input()));
            return true;
        } finally {
            places.release();
        }
    }

    private @Nullable String negotiate(Link link, YamuxStream stream) throws IOException, InterruptedException {
        if (!entered(link.negotiating())) {
            return null;
        }
        try {
            String protocol = Multistream.respond(stream.input(), stream.prefixOutput(), handlers::has);
            if (protocol == null || !prompt.contains(protocol)) {
                // A handler may compute or wait before it answers; the peer must not wait for that to be told of the agreement.
                stream.output().flush();
            }
            return protocol;
        } catch (HostException e) {
            // It went away while it was asked, or did not answer in time: nothing that was promised.
            counters.failed(e);
            LOG.debug("{} does not agree on a protocol: {}", link, e.getMessage());
            return null;
        } finally {
            link.negotiating().release();
        }
    }

    private boolean entered(Semaphore places) throws InterruptedException {
        if (places.tryAcquire(timeouts.negotiation().toNanos(), TimeUnit.NANOSECONDS)) {
            return true;
        }
        counters.refused.increment();
        return false;
    }
}
