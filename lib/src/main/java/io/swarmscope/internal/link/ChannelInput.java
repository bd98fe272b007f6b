package io.swarmscope.internal.link;

import java.io.IOException;
import java.io.InputStream;

/** A secure channel's decrypted bytes as a stream. Used by the link's reader thread. */
final class ChannelInput extends InputStream {
    private final SecureChannel channel;
    private final byte[] one = new byte[1];

    ChannelInput(SecureChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read() throws IOException {
        return channel.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return channel.read(buffer, offset, length);
    }

    @Override
    public void close() {
        channel.close();
    }
}
