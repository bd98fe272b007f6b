package io.swarmscope.internal.link;

import java.io.IOException;
import java.io.OutputStream;

/** A secure channel as a stream that encrypts each write on its own. Used by the link's writer thread. */
final class ChannelOutput extends OutputStream {
    private final SecureChannel channel;

    ChannelOutput(SecureChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
        channel.write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        channel.write(buffer, offset, length);
    }

    @Override
    public void close() {
        channel.close();
    }
}
