package io.swarmscope.internal.wire;

import io.swarmscope.host.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Frames of the form varint length, then that many bytes, as most libp2p protocols use them. Stateless; the calls block
 * as the stream does and read nothing behind the frame.
 */
public final class Frames {
    private Frames() {}

    /**
     * Reads one frame.
     *
     * @param max the most bytes its body may have; checked before anything is allocated
     * @return the body, possibly empty
     * @throws EOFException if the stream ends before the frame does
     * @throws MalformedException if the length is no valid varint or exceeds {@code max}
     * @throws io.swarmscope.host.HostException of kind LIMIT_REACHED if too many large frames are being read in this process
     */
    public static byte[] read(InputStream in, int max) throws IOException {
        return body(in, Varint.read(in), max);
    }

    /** Like {@link #read}, but {@code null} if the stream ends before the first byte of the frame. */
    public static byte @Nullable [] readOrEnd(InputStream in, int max) throws IOException {
        int first = in.read();
        return first < 0 ? null : body(in, Varint.read(in, first), max);
    }

    /**
     * The next frame of a stream on which a peer may be silent for long, but not in the middle of a frame: who sends all but the last byte keeps no
     * memory for longer than for one that is read at once.
     *
     * @param wait until its first byte
     * @param read from then on; what the stream has for the rest of the exchange, too
     * @return the body; {@code null} if the stream ends before the frame begins
     */
    public static byte @Nullable [] next(Stream stream, Duration wait, Duration read, int max) throws IOException {
        stream.timeout(wait);
        int first = stream.input().read();
        if (first < 0) {
            return null;
        }
        stream.timeout(read);
        return body(stream.input(), Varint.read(stream.input(), first), max);
    }

    /** The body with its length in front, for callers who send several things in one write. */
    public static byte[] prefixed(byte[] body) {
        ByteBuffer frame = ByteBuffer.allocate(Varint.size(body.length) + body.length);
        Varint.write(frame, body.length);
        return frame.put(body).array();
    }

    /** Writes one frame with a single call to the stream. */
    public static void write(OutputStream out, byte[] body) throws IOException {
        out.write(prefixed(body));
    }

    private static byte[] body(InputStream in, long length, int max) throws IOException {
        if (length > max) {
            throw new MalformedException("frame of " + length + " bytes exceeds the limit of " + max);
        }
        byte[] body = FrameMemory.ALL.read(in, (int) length);
        if (body.length < length) {
            throw new EOFException("stream ended after " + body.length + " of a frame's " + length + " bytes");
        }
        return body;
    }
}
