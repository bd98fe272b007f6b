package io.swarmscope.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.EOFException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/**
 * Feeds a decoder what an attacker would: every truncation of a valid message, bit flips, insertions, noise. A decoder
 * may accept what it gets or say what is wrong with it; anything else fails the test with the bytes and the seed.
 */
public final class Mangler {
    private static final int ROUNDS = 2000;

    private final long seed = Long.getLong("swarmscope.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** Something that reads bytes. */
    public interface Decoder {
        void decode(byte[] bytes) throws Exception;
    }

    /** Runs the decoder on many mangled forms of a message that it accepts. */
    public static void attack(byte[] valid, Decoder decoder) {
        Mangler mangler = new Mangler();
        mangler.run(valid, decoder, true);
        for (int length = 0; length < valid.length; length++) {
            mangler.run(Arrays.copyOf(valid, length), decoder, false);
        }
        for (int round = 0; round < ROUNDS; round++) {
            mangler.run(mangler.mangled(valid), decoder, false);
        }
    }

    private byte[] mangled(byte[] valid) {
        byte[] bytes = valid.clone();
        switch (random.nextInt(4)) {
            case 0 -> {
                bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
            }
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(20));
            case 2 -> {
                for (int flips = 1 + random.nextInt(5); flips > 0 && bytes.length > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> {
                for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
        }
        return bytes;
    }

    private void run(byte[] bytes, Decoder decoder, boolean mustAccept) {
        try {
            decoder.decode(bytes.clone());
        } catch (MalformedException | EOFException | IllegalArgumentException e) {
            assertThat(mustAccept).as("rejects the valid message: " + e).isFalse();
            assertThat(e.getMessage()).as("every refusal says why").isNotBlank();
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            fail("seed " + seed + ", bytes " + HexFormat.of().formatHex(bytes), e);
        }
    }
}
