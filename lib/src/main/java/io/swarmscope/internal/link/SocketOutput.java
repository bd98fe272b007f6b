package io.swarmscope.internal.link;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a socket sends. Unbuffered. Used by one thread at a time: the handshake's, then the link's writer. */
final class SocketOutput extends OutputStream {
    private final OutputStream out;
    private final LongAdder count;

    SocketOutput(OutputStream out, LongAdder count) {
        this.out = out;
        this.count = count;
    }

    @Override
    public void write(int value) throws IOException {
        out.write(value);
        count.increment();
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        out.write(buffer, offset, length);
        count.add(length);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
