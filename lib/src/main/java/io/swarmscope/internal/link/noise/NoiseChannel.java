package io.swarmscope.internal.link.noise;

import io.swarmscope.PeerId;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.Aead;
import io.swarmscope.internal.crypto.Aeads;
import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.link.SecureChannel;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A link secured by Noise XX. Blocking: the handshake runs on the thread that asks for it, then one thread reads and one
 * other writes; see {@link SecureChannel}.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md">Noise in libp2p</a>
 */
public final class NoiseChannel implements SecureChannel {
    private final InputStream in;
    private final OutputStream out;
    private final PublicKey remoteKey;
    private final List<String> ourMuxers;
    private final List<String> remoteMuxers;
    private final FrameReader reader;
    private final FrameWriter writer;

    private NoiseChannel(InputStream in, OutputStream out, NoiseStatic self, Peer peer, Aead receive, Aead send) {
        this.in = in;
        this.out = out;
        this.remoteKey = peer.key();
        this.ourMuxers = self.muxers();
        this.remoteMuxers = peer.muxers();
        this.reader = new FrameReader(in, receive);
        this.writer = new FrameWriter(out, send);
    }

    /** What a verified payload says. */
    private record Peer(PublicKey key, List<String> muxers) {}

    /**
     * Secures a connection that this side dialed. Blocks as the streams do; the socket's timeouts bound it.
     *
     * @param expected the peer that must answer, or {@code null} for anybody
     * @param prelude how Noise itself is agreed on; {@link Prelude#NONE} if it was already
     * @throws HostException of kind WRONG_PEER or HANDSHAKE_FAILED
     * @throws IOException whatever the streams or the prelude throw, unchanged
     */
    public static NoiseChannel initiate(
            InputStream in, OutputStream out, NoiseStatic self, @Nullable PeerId expected, Prelude prelude)
            throws IOException {
        Handshake handshake = new Handshake(self);
        out.write(framed(prelude.opening(), handshake.first()));
        prelude.readReply(in);
        try {
            Peer peer = verify(self, handshake.readSecond(read(in)), handshake);
            requireExpected(expected, peer.key().peerId());
            out.write(framed(new byte[0], handshake.third()));
            byte[][] keys = handshake.split();
            return new NoiseChannel(in, out, self, peer, cipher(keys[1]), cipher(keys[0]));
        } catch (MalformedException | EOFException e) {
            throw failed(e);
        }
    }

    /**
     * Secures a connection that the peer dialed. Blocks as the streams do; the socket's timeouts bound it.
     *
     * @throws HostException of kind HANDSHAKE_FAILED
     * @throws IOException whatever the streams throw, unchanged
     */
    public static NoiseChannel respond(InputStream in, OutputStream out, NoiseStatic self) throws IOException {
        try {
            // Made when the first message is here, so that whoever only connects does not cost a key.
            byte[] first = read(in);
            Handshake handshake = new Handshake(self);
            handshake.readFirst(first);
            out.write(framed(new byte[0], handshake.second()));
            Peer peer = verify(self, handshake.readThird(read(in)), handshake);
            byte[][] keys = handshake.split();
            return new NoiseChannel(in, out, self, peer, cipher(keys[0]), cipher(keys[1]));
        } catch (MalformedException | EOFException e) {
            throw failed(e);
        }
    }

    private static Peer verify(NoiseStatic self, NoisePayload payload, Handshake handshake) throws MalformedException {
        return new Peer(self.knownKeys().verify(payload, handshake.remoteStatic()), payload.muxers());
    }

    private static void requireExpected(@Nullable PeerId expected, PeerId found) throws HostException {
        if (expected != null && !expected.equals(found)) {
            throw new HostException(
                    HostException.Kind.WRONG_PEER, "expected " + expected + ", but " + found + " answered");
        }
    }

    private static HostException failed(IOException cause) {
        return new HostException(
                HostException.Kind.HANDSHAKE_FAILED, "noise handshake failed: " + cause.getMessage(), cause);
    }

    private static Aead cipher(byte[] key) {
        Aead cipher = Aeads.create();
        cipher.key(key);
        return cipher;
    }

    /** Reads one handshake message and not a byte more. */
    private static byte[] read(InputStream in) throws IOException {
        int length = readByte(in) << 8 | readByte(in);
        if (length > Limits.NOISE_HANDSHAKE_BYTES) {
            throw new MalformedException("noise handshake message of " + length + " bytes exceeds the limit");
        }
        byte[] message = in.readNBytes(length);
        if (message.length < length) {
            throw new EOFException("connection ended inside a noise handshake message");
        }
        return message;
    }

    private static int readByte(InputStream in) throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException("connection ended during the noise handshake");
        }
        return value;
    }

    private static byte[] framed(byte[] before, byte[] message) {
        return ByteBuffer.allocate(before.length + Buffers.HEADER + message.length)
                .put(before)
                .putShort((short) message.length)
                .put(message)
                .array();
    }

    @Override
    public PublicKey remoteKey() {
        return remoteKey;
    }

    @Override
    public List<String> remoteMuxers() {
        return remoteMuxers;
    }

    @Override
    public boolean earlyMuxer(String protocol) {
        return ourMuxers.contains(protocol) && remoteMuxers.contains(protocol);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return reader.read(buffer, offset, length);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        writer.write(buffer, offset, length);
    }

    /** Bytes of the reader's buffers, for tests of what an idle link costs. */
    int bufferBytes() {
        return reader.bufferBytes();
    }

    @Override
    public void close() {
        // Either of a socket's streams closes the socket; both, because the streams may come from elsewhere.
        close(out);
        close(in);
    }

    private static void close(Closeable stream) {
        try {
            stream.close();
        } catch (IOException ignored) {
            // Closing a connection that failed may fail too; it is closed all the same.
        }
    }
}
