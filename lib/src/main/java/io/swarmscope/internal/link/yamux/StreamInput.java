package io.swarmscope.internal.link.yamux;

import java.io.IOException;
import java.io.InputStream;

/** A stream's bytes from the peer, for the one thread that reads it. Closing it has no effect. */
final class StreamInput extends InputStream {
    private final YamuxStream stream;

    StreamInput(YamuxStream stream) {
        this.stream = stream;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return stream.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return stream.read(target, offset, length);
    }

    @Override
    public int available() {
        return stream.available();
    }
}
