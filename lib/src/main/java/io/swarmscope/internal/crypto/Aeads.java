package io.swarmscope.internal.crypto;

import java.security.Provider;

/**
 * Chooses who computes ChaCha20-Poly1305: Conscrypt where its jar is present and works, else the Java platform. Decided
 * once, on first use. For any thread.
 *
 * <p>By presence, not by a race at start: the platform's cipher is slow until the compiler has seen it, so that a short
 * race would always be won by native code. Adding Conscrypt pays on processors without AVX-512 IFMA; on those that have
 * it, the platform seals large frames three times as fast as Conscrypt.
 */
public final class Aeads {
    private Aeads() {}

    /** A new cipher, without a key yet. */
    public static Aead create() {
        return new CipherAead(Choice.PROVIDER);
    }

    /** The name of the provider that was chosen, for diagnostics. */
    public static String provider() {
        return Choice.PROVIDER.getName();
    }

    private static final class Choice {
        static final Provider PROVIDER = choose();

        private static Provider choose() {
            Provider platform = CipherAead.platform();
            try {
                Class<?> conscrypt = Class.forName("org.conscrypt.Conscrypt");
                Provider found = (Provider) conscrypt.getMethod("newProvider").invoke(null);
                return agree(platform, found) ? found : platform;
            } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
                // Not there, or its native library is not for this machine. The platform's cipher always works.
                return platform;
            }
        }

        /** One frame each way tells whether the native library was loaded and computes what it should. */
        private static boolean agree(Provider one, Provider other) {
            byte[] plain = new byte[100];
            byte[] sealed = new byte[plain.length + Aead.TAG_BYTES];
            byte[] opened = new byte[plain.length];
            new CipherAead(one).seal(1, plain, plain, 0, plain.length, sealed, 0);
            try {
                new CipherAead(other).open(1, plain, sealed, 0, sealed.length, opened, 0);
                return true;
            } catch (java.io.IOException e) {
                return false;
            }
        }
    }
}
