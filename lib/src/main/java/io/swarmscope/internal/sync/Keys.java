package io.swarmscope.internal.sync;

/** The order of keys, which all nodes must share: by their bytes in UTF-8, unsigned, that is by code point. Stateless; any thread. */
final class Keys {

    private static final int SURROGATES = 0xD800;
    private static final int BEHIND_SURROGATES = 0xE000;

    private Keys() {}

    static int compare(String x, String y) {
        int shared = Math.min(x.length(), y.length());
        for (int i = 0; i < shared; i++) {
            char a = x.charAt(i);
            char b = y.charAt(i);
            if (a != b) {
                return rank(a) - rank(b);
            }
        }
        return x.length() - y.length();
    }

    /** UTF-16 has the code points from 0x10000 on, as surrogates, before the last 0x2000 of those below. UTF-8 has not. */
    private static int rank(char c) {
        return c < SURROGATES ? c : c < BEHIND_SURROGATES ? c + 0x2000 : c - 0x800;
    }

    /** How many bytes the text has in UTF-8. */
    static int bytes(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // Two surrogates make four bytes.
                bytes += c < 0x800 || (c >= SURROGATES && c < BEHIND_SURROGATES) ? 1 : 2;
            }
        }
        return bytes;
    }
}
