package io.swarmscope.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Optional;

/**
 * What every fuzz target asks of a decoder: it returns a value or refuses with the exception that it documents and says why, leaves its input as it
 * was, and allocates in proportion to it. Stateless; run by the test's thread.
 */
public final class Fuzzed {
    /** For what does not depend on the length: a parser with its buffers, a refusal with its stack trace. */
    private static final long ALLOCATED = 256 << 10;

    /** An empty field of two bytes makes an object, its place in a list and the reader of a message. */
    private static final long ALLOCATED_PER_BYTE = 256;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Fuzzed() {}

    /** Makes a value of bytes; called a second time where the first took much memory. */
    public interface Decoder<T> {
        T decode(byte[] bytes) throws Exception;
    }

    /** Makes bytes of a value. */
    public interface Encoder<T> {
        byte[] encode(T value);
    }

    /** The value; empty if the bytes are refused as malformed, or end too early. */
    public static <T> Optional<T> decoded(byte[] bytes, Decoder<T> decoder) {
        return decoded(bytes, IOException.class, decoder);
    }

    /** The value; empty if the bytes are refused by that exception. */
    public static <T> Optional<T> decoded(byte[] bytes, Class<? extends Exception> refusal, Decoder<T> decoder) {
        byte[] given = bytes.clone();
        long limit = ALLOCATED + bytes.length * ALLOCATED_PER_BYTE;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Optional<T> value = attempt(given, refusal, decoder);
        if (THREADS.getCurrentThreadAllocatedBytes() - before > limit) {
            // The first time loads classes.
            before = THREADS.getCurrentThreadAllocatedBytes();
            value = attempt(given, refusal, decoder);
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as("bytes allocated for %d", bytes.length).isLessThanOrEqualTo(limit);
        }
        if (!Arrays.equals(given, bytes)) {
            throw new AssertionError("the decoder changed its input");
        }
        return value;
    }

    private static <T> Optional<T> attempt(byte[] bytes, Class<? extends Exception> refusal, Decoder<T> decoder) {
        try {
            return Optional.of(decoder.decode(bytes));
        } catch (Exception e) {
            if (!refusal.isInstance(e)) {
                throw new AssertionError("refused by " + e.getClass() + " instead of " + refusal, e);
            }
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("refused without a reason", e);
            }
            return Optional.empty();
        }
    }

    /** What is written of a value reads as an equal one. */
    public static <T> void roundTrip(T value, Encoder<T> encoder, Decoder<T> decoder) {
        T again = again(encoder.encode(value), decoder);
        if (!again.equals(value)) {
            assertThat(again).isEqualTo(value);
        }
    }

    /** What is written of a value reads as one that is written alike: for values that hold arrays and are never equal. */
    public static <T> void roundTripOfBytes(T value, Encoder<T> encoder, Decoder<T> decoder) {
        byte[] encoded = encoder.encode(value);
        byte[] again = encoder.encode(again(encoded, decoder));
        if (!Arrays.equals(again, encoded)) {
            assertThat(again).isEqualTo(encoded);
        }
    }

    private static <T> T again(byte[] encoded, Decoder<T> decoder) {
        try {
            return decoder.decode(encoded);
        } catch (Exception e) {
            throw new AssertionError("what we wrote is refused", e);
        }
    }
}
