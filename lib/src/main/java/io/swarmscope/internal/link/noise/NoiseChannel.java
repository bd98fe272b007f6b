package io.swarmscope.internal.link.noise;

import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.link.SecureChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A link secured by Noise XX. One thread reads, one other writes; see {@link SecureChannel}. */
public final class NoiseChannel implements SecureChannel {
    private NoiseChannel() {}

    /**
     * Secures a connection that this side dialed. Blocks as the streams do; the socket's timeouts bound it.
     *
     * @param expected the peer that must answer, or {@code null} for anybody
     * @param prelude how Noise itself is agreed on; {@link Prelude#NONE} if it was already
     * @throws io.swarmscope.host.HostException of kind WRONG_PEER or HANDSHAKE_FAILED
     * @throws IOException whatever the streams or the prelude throw, unchanged
     */
    public static NoiseChannel initiate(
            InputStream in, OutputStream out, NoiseStatic self, @Nullable PeerId expected, Prelude prelude)
            throws IOException {
        throw new UnsupportedOperationException("soon");
    }

    /**
     * Secures a connection that the peer dialed. Blocks as the streams do; the socket's timeouts bound it.
     *
     * @throws io.swarmscope.host.HostException of kind HANDSHAKE_FAILED
     * @throws IOException whatever the streams throw, unchanged
     */
    public static NoiseChannel respond(InputStream in, OutputStream out, NoiseStatic self) throws IOException {
        throw new UnsupportedOperationException("soon");
    }

    @Override
    public PublicKey remoteKey() {
        throw new UnsupportedOperationException("soon");
    }

    @Override
    public List<String> remoteMuxers() {
        return List.of();
    }

    @Override
    public boolean earlyMuxer(String protocol) {
        return false;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        throw new UnsupportedOperationException("soon");
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        throw new UnsupportedOperationException("soon");
    }

    @Override
    public void close() {}
}
