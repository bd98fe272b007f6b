package io.swarmscope;

import io.swarmscope.internal.wire.Bases;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The forms of value a multiaddr component can have, each in text and in bytes. Both directions throw
 * IllegalArgumentException for what is not of the form.
 */
enum AddressValue {
    /** No value at all. */
    NONE(0) {
        @Override
        byte[] encode(String text) {
            return new byte[0];
        }

        @Override
        String decode(byte[] value) {
            return "";
        }
    },
    /** Dotted quad. */
    IP4(4) {
        @Override
        byte[] encode(String text) {
            return IpText.parse4(text);
        }

        @Override
        String decode(byte[] value) {
            return IpText.format4(value, 0);
        }
    },
    /** RFC 4291 text, printed as RFC 5952 says. */
    IP6(16) {
        @Override
        byte[] encode(String text) {
            return IpText.parse6(text);
        }

        @Override
        String decode(byte[] value) {
            return IpText.format6(value);
        }
    },
    /** Two bytes, big endian. */
    PORT(2) {
        @Override
        byte[] encode(String text) {
            int port = decimal(text, 0xffff, "a port from 0 to 65535");
            return new byte[] {(byte) (port >>> 8), (byte) port};
        }

        @Override
        String decode(byte[] value) {
            return Integer.toString((value[0] & 0xff) << 8 | (value[1] & 0xff));
        }
    },
    /** One byte. */
    OCTET(1) {
        @Override
        byte[] encode(String text) {
            return new byte[] {(byte) decimal(text, 0xff, "a number from 0 to 255")};
        }

        @Override
        String decode(byte[] value) {
            return Integer.toString(value[0] & 0xff);
        }
    },
    /** Eight bytes, big endian, unsigned. */
    NUMBER(8) {
        @Override
        byte[] encode(String text) {
            if (!text.matches("[0-9]{1,20}")) {
                throw expected("an unsigned decimal number", text);
            }
            return ByteBuffer.allocate(8).putLong(Long.parseUnsignedLong(text)).array();
        }

        @Override
        String decode(byte[] value) {
            return Long.toUnsignedString(ByteBuffer.wrap(value).getLong());
        }
    },
    /** UTF-8 text without a slash, such as a host name. */
    NAME(AddressValue.ANY_SIZE) {
        @Override
        byte[] encode(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        String decode(byte[] value) {
            String text = utf8(value);
            if (text.isEmpty() || text.indexOf('/') >= 0) {
                throw expected("a name without slashes", text);
            }
            return text;
        }
    },
    /** A path that takes the rest of the address; the slash in front of it is part of it. */
    PATH(AddressValue.ANY_SIZE) {
        @Override
        byte[] encode(String text) {
            return ("/" + text).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        String decode(byte[] value) {
            String text = utf8(value);
            if (text.length() < 2 || text.charAt(0) != '/') {
                throw expected("a path that starts with a slash", text);
            }
            return text.substring(1);
        }
    },
    /** A path percent-encoded in text, so that it has no slash there, and raw in bytes. */
    ESCAPED(AddressValue.ANY_SIZE) {
        @Override
        byte[] encode(String text) {
            return PercentText.decode(text);
        }

        @Override
        String decode(byte[] value) {
            if (value.length == 0) {
                throw expected("a path", "");
            }
            return PercentText.encode(value);
        }
    },
    /** A peer id. */
    PEER(AddressValue.ANY_SIZE) {
        @Override
        byte[] encode(String text) {
            return PeerId.parse(text).toBytes();
        }

        @Override
        String decode(byte[] value) {
            return PeerId.ofBytes(value).toString();
        }
    },
    /** A multihash of any function, in text as multibase. */
    CERTHASH(AddressValue.ANY_SIZE) {
        @Override
        byte[] encode(String text) {
            return Bases.ofMultibase(text);
        }

        @Override
        String decode(byte[] value) {
            requireMultihash(value);
            return Bases.base64url(value);
        }
    },
    /** Ten bytes in base 32, then a port. */
    ONION(12) {
        @Override
        byte[] encode(String text) {
            return onion(text, ONION.size());
        }

        @Override
        String decode(byte[] value) {
            return onion(value);
        }
    },
    /** 35 bytes in base 32, then a port. */
    ONION3(37) {
        @Override
        byte[] encode(String text) {
            return onion(text, ONION3.size());
        }

        @Override
        String decode(byte[] value) {
            return onion(value);
        }
    },
    /** An I2P destination in that network's base 64. */
    GARLIC64(AddressValue.ANY_SIZE) {
        @Override
        byte[] encode(String text) {
            return Base64.getDecoder().decode(text.replace('-', '+').replace('~', '/'));
        }

        @Override
        String decode(byte[] value) {
            if (value.length < GARLIC64_MIN_BYTES) {
                throw expected("an I2P destination of at least 386 bytes", value.length + " bytes");
            }
            return Base64.getEncoder().encodeToString(value).replace('+', '-').replace('/', '~');
        }
    },
    /** The hash of an I2P destination, in base 32. */
    GARLIC32(AddressValue.ANY_SIZE) {
        @Override
        byte[] encode(String text) {
            return Bases.ofMultibase("b" + text);
        }

        @Override
        String decode(byte[] value) {
            if (value.length != GARLIC32_BYTES && value.length < GARLIC32_ENCRYPTED_MIN_BYTES) {
                throw expected("an I2P hash of 32 or at least 35 bytes", value.length + " bytes");
            }
            return Bases.base32(value).substring(1);
        }
    };

    /** Marks forms whose length is written in front of them. */
    static final int ANY_SIZE = -1;

    private static final int GARLIC64_MIN_BYTES = 386;
    private static final int GARLIC32_BYTES = 32;
    private static final int GARLIC32_ENCRYPTED_MIN_BYTES = 35;
    private static final int PORT_BYTES = 2;

    private final int size;

    AddressValue(int size) {
        this.size = size;
    }

    /** Bytes of the value, or {@link #ANY_SIZE}. */
    int size() {
        return size;
    }

    /** The bytes of the text. What they mean is checked by {@link #decode}, which always follows. */
    abstract byte[] encode(String text);

    /** The text of the bytes, of which there are as many as {@link #size} says. */
    abstract String decode(byte[] value);

    private static int decimal(String text, int max, String what) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > max) {
            throw expected(what, text);
        }
        return Integer.parseInt(text);
    }

    private static String utf8(byte[] value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("expected UTF-8 text", e);
        }
    }

    private static void requireMultihash(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        try {
            Varint.read(in);
            long length = Varint.read(in);
            if (length == 0 || length != in.remaining()) {
                throw expected("a multihash of a certificate", length + " digest bytes of " + in.remaining());
            }
        } catch (MalformedException e) {
            throw new IllegalArgumentException("expected a multihash of a certificate: " + e.getMessage(), e);
        }
    }

    private static byte[] onion(String text, int size) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw expected("an onion host, a colon and a port", text);
        }
        byte[] host = Bases.ofMultibase("b" + text.substring(0, colon));
        byte[] port = PORT.encode(text.substring(colon + 1));
        if (host.length != size - PORT_BYTES) {
            throw expected("an onion host of " + (size - PORT_BYTES) + " bytes", host.length + " bytes");
        }
        return ByteBuffer.allocate(size).put(host).put(port).array();
    }

    private static String onion(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        byte[] host = new byte[value.length - PORT_BYTES];
        in.get(host);
        int port = in.getShort() & 0xffff;
        if (port == 0) {
            throw expected("an onion port from 1 to 65535", "0");
        }
        return Bases.base32(host).substring(1) + ":" + port;
    }

    private static IllegalArgumentException expected(String what, String found) {
        return new IllegalArgumentException("expected " + what + ", found '" + found + "'");
    }
}
