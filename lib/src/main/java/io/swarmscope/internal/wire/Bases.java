package io.swarmscope.internal.wire;

import com.apicatalog.base.Base58;
import com.apicatalog.multibase.Multibase;
import java.math.BigInteger;
import java.util.Locale;
import org.bouncycastle.util.encoders.Base32;

/**
 * Texts of bytes as multibase defines them, in the bases peers use. Stateless, for any thread.
 *
 * @see <a href="https://github.com/multiformats/multibase">multibase</a>
 */
public final class Bases {
    /** Decoding base 58 and 36 takes quadratic time; nothing this project reads is longer. */
    private static final int MAX_CHARS = 2048;

    private static final BigInteger RADIX_36 = BigInteger.valueOf(36);

    private Bases() {}

    /** Base58btc without a multibase prefix, the form peer ids are printed in. */
    public static String base58(byte[] bytes) {
        return Base58.encode(bytes);
    }

    /**
     * The bytes of base58btc text without a multibase prefix.
     *
     * @throws IllegalArgumentException if a character is not of its alphabet or the text is longer than 2048
     */
    public static byte[] ofBase58(String text) {
        requireShort(text);
        return Base58.decode(text);
    }

    /** Multibase text in base 32: {@code b}, then lower case without padding. */
    public static String base32(byte[] bytes) {
        String padded = Base32.toBase32String(bytes).toLowerCase(Locale.ROOT);
        int padding = padded.indexOf('=');
        return "b" + (padding < 0 ? padded : padded.substring(0, padding));
    }

    /** Multibase text in base64url: {@code u}, then without padding. The bytes must not be empty. */
    public static String base64url(byte[] bytes) {
        return Multibase.BASE_64_URL.encode(bytes);
    }

    /** Multibase text in base 36: {@code k}, then lower case; a leading {@code 0} stands for a leading zero byte. */
    public static String base36(byte[] bytes) {
        int zeros = 0;
        while (zeros < bytes.length && bytes[zeros] == 0) {
            zeros++;
        }
        BigInteger number = new BigInteger(1, bytes);
        return "k" + "0".repeat(zeros) + (number.signum() == 0 ? "" : number.toString(36));
    }

    /**
     * The bytes of multibase text, whose first character names the base: 58 ({@code z}), 32 ({@code b}, {@code B}), 36
     * ({@code k}, {@code K}), base64url ({@code u}) or 16 ({@code f}, {@code F}).
     *
     * @throws IllegalArgumentException if the base is none of these, the text is not of it or is longer than 2048
     */
    public static byte[] ofMultibase(String text) {
        requireShort(text);
        if (text.isEmpty()) {
            throw new IllegalArgumentException("expected multibase text, found nothing");
        }
        return switch (text.charAt(0)) {
            case 'z' -> Base58.decode(text.substring(1));
            case 'b' -> ofBase32(text);
            case 'B' -> ofBase32(ofUpper(text));
            case 'u' -> Multibase.BASE_64_URL.decode(text);
            case 'f', 'F' -> Multibase.BASE_16.decode("f" + text.substring(1).toLowerCase(Locale.ROOT));
            case 'k', 'K' -> ofBase36(text.substring(1).toLowerCase(Locale.ROOT));
            default ->
                throw new IllegalArgumentException(
                        "expected multibase text starting with one of z b B k K u f F, found '" + text.charAt(0) + "'");
        };
    }

    /** Bouncy Castle's base 32, because the one of the multibase library makes wrong texts; padding is ours. */
    private static byte[] ofBase32(String text) {
        String digits = text.substring(1).toUpperCase(Locale.ROOT);
        byte[] bytes;
        try {
            bytes = Base32.decode(digits + "=".repeat(-digits.length() & 7));
        } catch (RuntimeException e) {
            // What exactly it throws for wrong characters is not documented.
            throw new IllegalArgumentException("'" + text + "' is not base 32", e);
        }
        if (!base32(bytes).equals(text)) {
            throw new IllegalArgumentException("'" + text + "' is not base 32 in its one form");
        }
        return bytes;
    }

    private static String ofUpper(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!lower.toUpperCase(Locale.ROOT).equals(text)) {
            throw new IllegalArgumentException("'" + text + "' mixes upper and lower case");
        }
        return lower;
    }

    private static byte[] ofBase36(String digits) {
        int zeros = 0;
        while (zeros < digits.length() && digits.charAt(zeros) == '0') {
            zeros++;
        }
        BigInteger number = BigInteger.ZERO;
        for (int i = zeros; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 36) : -1;
            if (digit < 0) {
                throw new IllegalArgumentException("'" + c + "' is no base 36 digit");
            }
            number = number.multiply(RADIX_36).add(BigInteger.valueOf(digit));
        }
        byte[] magnitude = number.toByteArray();
        // BigInteger puts a zero byte in front where the sign bit would be set, and for zero itself.
        int skip = magnitude[0] == 0 ? 1 : 0;
        byte[] bytes = new byte[zeros + magnitude.length - skip];
        System.arraycopy(magnitude, skip, bytes, zeros, magnitude.length - skip);
        return bytes;
    }

    private static void requireShort(String text) {
        if (text.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "text of " + text.length() + " characters exceeds the limit of " + MAX_CHARS);
        }
    }
}
