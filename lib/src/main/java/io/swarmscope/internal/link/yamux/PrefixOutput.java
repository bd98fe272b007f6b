package io.swarmscope.internal.link.yamux;

import java.io.OutputStream;
import java.util.Arrays;

/** Keeps what is written until the stream has more to send, or its reader has to wait. For the one thread that writes the stream. */
final class PrefixOutput extends OutputStream {
    private final YamuxStream stream;

    PrefixOutput(YamuxStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int value) {
        stream.prefix(new byte[] {(byte) value});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        stream.prefix(Arrays.copyOfRange(bytes, offset, offset + length));
    }
}
