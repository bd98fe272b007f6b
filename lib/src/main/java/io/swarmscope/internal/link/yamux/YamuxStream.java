package io.swarmscope.internal.link.yamux;

import io.swarmscope.host.HostException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/**
 * One stream of a session. One application thread may read while another writes; {@link #reset}, {@link #close} and
 * {@link #timeout} may be called by any thread.
 *
 * <p>Promises what {@link io.swarmscope.host.Stream} promises; only protocol, connection and peer are the caller's to know.
 */
public final class YamuxStream implements AutoCloseable {

    YamuxStream() {}

    /** Whether the peer opened it. */
    public boolean inbound() {
        throw new UnsupportedOperationException();
    }

    /**
     * Keeps bytes that go in front of whatever is written first, in the same packet: a lazy protocol proposal. They also leave
     * with the first read or flush. To be called before the first write, at most once.
     */
    public void prefix(byte[] bytes) {
        throw new UnsupportedOperationException();
    }

    /** As {@link io.swarmscope.host.Stream#input}. Always the same object. */
    public InputStream input() {
        throw new UnsupportedOperationException();
    }

    /** As {@link io.swarmscope.host.Stream#output}. Always the same object. */
    public OutputStream output() {
        throw new UnsupportedOperationException();
    }

    /** As {@link io.swarmscope.host.Stream#finish}. */
    public void finish(byte[] last) throws HostException {
        throw new UnsupportedOperationException();
    }

    /** As {@link io.swarmscope.host.Stream#closeWrite}. */
    public void closeWrite() throws HostException {
        throw new UnsupportedOperationException();
    }

    /** As {@link io.swarmscope.host.Stream#reset}. */
    public void reset() {
        throw new UnsupportedOperationException();
    }

    /** As {@link io.swarmscope.host.Stream#timeout}. */
    public void timeout(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    /** As {@link io.swarmscope.host.Stream#close}. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
