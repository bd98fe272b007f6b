package io.swarmscope.internal.link;

import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.link.yamux.YamuxStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** A stream whose protocol is agreed on, or was proposed with its first bytes. Run by the threads that use it. */
final class LinkStream implements Stream {
    private final Connection connection;
    private final String protocol;
    private final YamuxStream stream;
    private final InputStream input;

    /**
     * A stream.
     *
     * @param input the stream's bytes behind the negotiation
     */
    LinkStream(Connection connection, String protocol, YamuxStream stream, InputStream input) {
        this.connection = connection;
        this.protocol = protocol;
        this.stream = stream;
        this.input = input;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return stream.output();
    }

    @Override
    public void finish(byte[] last) throws HostException {
        stream.finish(last);
    }

    @Override
    public void closeWrite() throws HostException {
        stream.closeWrite();
    }

    @Override
    public void reset() {
        stream.reset();
    }

    @Override
    public void timeout(Duration timeout) {
        stream.timeout(timeout);
    }

    @Override
    public void close() {
        stream.close();
    }

    @Override
    public String toString() {
        return protocol + " with " + connection;
    }
}
