package io.swarmscope.internal.link;

import io.swarmscope.host.HostException;
import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.link.yamux.YamuxStream;
import io.swarmscope.internal.wire.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a stream whose protocol was proposed without waiting: reads the peer's consent before the first of them. Used by
 * the one thread that reads the stream.
 */
final class LazyInput extends InputStream {
    private final Link link;
    private final YamuxStream stream;
    private final String protocol;
    private boolean agreed;

    LazyInput(Link link, YamuxStream stream, String protocol) {
        this.link = link;
        this.stream = stream;
        this.protocol = protocol;
    }

    private void agree() throws IOException {
        try {
            Multistream.readLazyEcho(stream.input(), protocol);
            agreed = true;
            link.answered();
        } catch (HostException e) {
            stream.reset();
            if (e.kind() == HostException.Kind.PROTOCOL_UNSUPPORTED) {
                link.lacks(protocol);
            }
            throw e;
        } catch (EOFException e) {
            stream.reset();
            throw new HostException(
                    HostException.Kind.STREAM_RESET, "peer ended the stream before it agreed on " + protocol, e);
        } catch (MalformedException e) {
            stream.reset();
            throw link.violated(e);
        }
    }

    @Override
    public int read() throws IOException {
        if (!agreed) {
            agree();
        }
        return stream.input().read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (!agreed) {
            agree();
        }
        return stream.input().read(buffer, offset, length);
    }

    @Override
    public int available() throws IOException {
        return agreed ? stream.input().available() : 0;
    }
}
