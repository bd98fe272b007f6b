package io.swarmscope.internal.wire;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads the bodies of frames, and bounds what all bodies that are not complete take together: a peer may send all but the last byte on each of its streams.
 * Safe for any thread; blocks as the stream does.
 */
final class FrameMemory {

    /** Of the whole process, whose nodes share one heap. */
    static final FrameMemory ALL = new FrameMemory(HeapShare.part(Limits.FRAMES_PART_OF_HEAP));

    private final HeapShare share;

    FrameMemory(HeapShare share) {
        this.share = share;
    }

    /**
     * Reads that many bytes, or as many as there are. Takes memory as bytes arrive, so a length that is only claimed costs the claimant's bandwidth.
     *
     * @throws HostException of kind LIMIT_REACHED if too many large frames are being read
     */
    byte[] read(InputStream in, int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, Limits.FRAME_BYTES_FREE)];
        int charged = 0;
        try {
            int count = in.readNBytes(bytes, 0, bytes.length);
            while (count == bytes.length && count < length) {
                int more = Math.min(length - count, count);
                take(more);
                charged += more;
                bytes = Arrays.copyOf(bytes, count + more);
                count += in.readNBytes(bytes, count, more);
            }
            return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
        } finally {
            share.give(charged);
        }
    }

    private void take(int bytes) throws HostException {
        if (!share.take(bytes)) {
            throw new HostException(Kind.LIMIT_REACHED, "too many large frames are being read");
        }
    }

    /** What is taken now, beyond what each frame has free. */
    long taken() {
        return share.taken();
    }
}
