package io.swarmscope.internal.link.yamux;

import java.io.IOException;
import java.io.OutputStream;

/** A stream's bytes to the peer, for the one thread that writes it. Closing it half-closes the stream. */
final class StreamOutput extends OutputStream {
    private final YamuxStream stream;

    StreamOutput(YamuxStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int value) throws IOException {
        stream.write(new byte[] {(byte) value}, 0, 1, false);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        stream.write(bytes, offset, length, false);
    }

    @Override
    public void flush() throws IOException {
        stream.flush();
    }

    @Override
    public void close() throws IOException {
        stream.closeWrite();
    }
}
