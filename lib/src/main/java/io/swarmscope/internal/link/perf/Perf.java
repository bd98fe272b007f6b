package io.swarmscope.internal.link.perf;

import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Both sides of the perf protocol: so many bytes up, then so many down. Runs on the thread of whoever calls.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/perf/perf.md">perf specification</a>
 */
public final class Perf {
    /** The protocol id. */
    public static final String PROTOCOL = "/perf/1.0.0";

    private static final byte[] BLOCK = new byte[Limits.PERF_BLOCK_BYTES];

    private Perf() {}

    /**
     * What one run measured.
     *
     * @param uploadBytes bytes sent
     * @param upload from the first byte sent until the peer began to answer, so it had read them all
     * @param downloadBytes bytes received
     * @param download from the peer's first byte to its last
     */
    public record Result(long uploadBytes, Duration upload, long downloadBytes, Duration download) {}

    /**
     * Sends bytes, then asks for bytes.
     *
     * @param uploadBytes how many to send, not negative
     * @param downloadBytes how many to ask for, not negative; peers may refuse large numbers
     * @param timeout for everything together
     * @throws IOException if the stream fails, or the peer sends another number of bytes than it was asked for
     * @throws InterruptedException if the caller is interrupted; only this run is abandoned
     */
    public static Result run(Connection connection, long uploadBytes, long downloadBytes, Duration timeout)
            throws IOException, InterruptedException {
        if (uploadBytes < 0 || downloadBytes < 0) {
            throw new IllegalArgumentException("byte counts must not be negative: " + uploadBytes + ", " + downloadBytes);
        }
        try (Stream stream = connection.open(PROTOCOL, timeout)) {
            return run(stream, uploadBytes, downloadBytes);
        } catch (HostException e) {
            if (e.kind() == HostException.Kind.INTERRUPTED && Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("interrupted during perf").initCause(e);
            }
            throw e;
        }
    }

    private static Result run(Stream stream, long uploadBytes, long downloadBytes) throws IOException {
        long start = System.nanoTime();
        stream.output().write(ByteBuffer.allocate(Long.BYTES).putLong(downloadBytes).array());
        send(stream.output(), uploadBytes);
        stream.closeWrite();

        InputStream in = stream.input();
        byte[] buffer = new byte[Limits.PERF_BLOCK_BYTES];
        int first = in.read(buffer);
        long answered = System.nanoTime();
        long received = Math.max(0, first) + (first < 0 ? 0 : drain(in, buffer, downloadBytes - first));
        if (received != downloadBytes) {
            throw new MalformedException("perf peer sent " + received + " bytes, asked were " + downloadBytes);
        }
        return new Result(
                uploadBytes,
                Duration.ofNanos(answered - start),
                received,
                Duration.ofNanos(System.nanoTime() - answered));
    }

    /**
     * Answers one inbound stream: reads the number wanted, reads to the end, then sends that many bytes.
     *
     * @param maxBytes most bytes accepted and sent; the protocol amplifies, so a request for more is refused
     */
    public static void respond(Stream stream, long maxBytes) throws IOException {
        stream.timeout(Limits.PERF_SERVE);
        long wanted;
        try {
            wanted = new DataInputStream(stream.input()).readLong();
        } catch (EOFException e) {
            throw new MalformedException("perf request ended before the number of bytes wanted");
        }
        if (wanted < 0 || wanted > maxBytes) {
            throw new HostException(
                    HostException.Kind.LIMIT_REACHED, "perf request for " + Long.toUnsignedString(wanted) + " bytes");
        }
        if (drain(stream.input(), new byte[Limits.PERF_BLOCK_BYTES], maxBytes) > maxBytes) {
            throw new HostException(HostException.Kind.LIMIT_REACHED, "perf upload of more than " + maxBytes + " bytes");
        }
        send(stream.output(), wanted);
        stream.closeWrite();
    }

    private static void send(OutputStream out, long bytes) throws IOException {
        for (long left = bytes; left > 0; left -= BLOCK.length) {
            out.write(BLOCK, 0, (int) Math.min(left, BLOCK.length));
        }
    }

    /** Reads to the end and returns the number of bytes; stops early once there are more than {@code max}. */
    private static long drain(InputStream in, byte[] buffer, long max) throws IOException {
        long total = 0;
        int n;
        while (total <= max && (n = in.read(buffer)) >= 0) {
            total += n;
        }
        return total;
    }
}
