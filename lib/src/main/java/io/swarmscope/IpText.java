package io.swarmscope;

import java.util.Arrays;

/** Text of IP addresses, without any name lookup, which {@link java.net.InetAddress#getByName} could do. Stateless. */
final class IpText {
    private static final int WORDS = 8;
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private IpText() {}

    static byte[] parse4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] address = new byte[4];
        boolean fine = parts.length == address.length;
        for (int i = 0; fine && i < address.length; i++) {
            // A leading zero means octal to some, so nobody should get an address that reads differently elsewhere.
            fine = parts[i].matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(parts[i]) < 256;
            address[i] = fine ? (byte) Integer.parseInt(parts[i]) : 0;
        }
        if (!fine) {
            throw new IllegalArgumentException("expected an IPv4 address such as 192.0.2.1, found '" + text + "'");
        }
        return address;
    }

    /** RFC 4291, section 2.2: groups, one {@code ::} for zeros, the last two groups possibly as a dotted quad. */
    static byte[] parse6(String text) {
        try {
            int gap = text.indexOf("::");
            int[] head = words(gap < 0 ? text : text.substring(0, gap), gap < 0);
            int[] tail = gap < 0 ? new int[0] : words(text.substring(gap + 2), true);
            int given = head.length + tail.length;
            if (gap < 0 ? given != WORDS : given >= WORDS) {
                throw new IllegalArgumentException("it has " + given + " groups");
            }
            byte[] address = new byte[2 * WORDS];
            put(address, 0, head);
            put(address, WORDS - tail.length, tail);
            return address;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected an IPv6 address such as 2001:db8::1, found '" + text + "'", e);
        }
    }

    private static int[] words(String text, boolean last) {
        if (text.isEmpty()) {
            return new int[0];
        }
        String[] groups = text.split(":", -1);
        int[] words = new int[groups.length + 1]; // a dotted quad makes one more
        int count = 0;
        for (int i = 0; i < groups.length; i++) {
            if (last && i == groups.length - 1 && groups[i].indexOf('.') >= 0) {
                byte[] quad = parse4(groups[i]);
                words[count++] = (quad[0] & 0xff) << 8 | (quad[1] & 0xff);
                words[count++] = (quad[2] & 0xff) << 8 | (quad[3] & 0xff);
            } else if (groups[i].matches("[0-9a-fA-F]{1,4}")) {
                words[count++] = Integer.parseInt(groups[i], 16);
            } else {
                throw new IllegalArgumentException("'" + groups[i] + "' is no group of an IPv6 address");
            }
        }
        return Arrays.copyOf(words, count);
    }

    private static void put(byte[] address, int at, int[] words) {
        for (int i = 0; i < words.length; i++) {
            address[2 * (at + i)] = (byte) (words[i] >>> 8);
            address[2 * (at + i) + 1] = (byte) words[i];
        }
    }

    static String format4(byte[] address, int offset) {
        return (address[offset] & 0xff) + "." + (address[offset + 1] & 0xff) + "." + (address[offset + 2] & 0xff) + "."
                + (address[offset + 3] & 0xff);
    }

    /** RFC 5952: lower case, no leading zeros, the longest run of at least two zero groups as {@code ::}. */
    static String format6(byte[] address) {
        if (isMapped4(address)) {
            return "::ffff:" + format4(address, MAPPED.length);
        }
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < WORDS; i++) {
            int run = zeros(address, i);
            if (run > gapLength) {
                gap = i;
                gapLength = run;
            }
        }
        return gap < 0
                ? groups(address, 0, WORDS)
                : groups(address, 0, gap) + "::" + groups(address, gap + gapLength, WORDS);
    }

    /** Whether an IPv6 address stands for an IPv4 one. */
    static boolean isMapped4(byte[] address) {
        return Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    }

    private static int zeros(byte[] address, int from) {
        int to = from;
        while (to < WORDS && word(address, to) == 0) {
            to++;
        }
        return to - from;
    }

    private static String groups(byte[] address, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i > from ? ":" : "").append(Integer.toHexString(word(address, i)));
        }
        return text.toString();
    }

    private static int word(byte[] address, int index) {
        return (address[2 * index] & 0xff) << 8 | (address[2 * index + 1] & 0xff);
    }
}
