package io.swarmscope.internal.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Properties;

/** The key pairs of the libp2p specification. */
public final class Keys {
    private static final Properties HEX = load();

    private Keys() {}

    /** A message such as {@code rsa-public}. */
    public static byte[] message(String name) {
        return HexFormat.of().parseHex(HEX.getProperty(name));
    }

    /** The specification's Ed25519 pair. */
    public static Identity ed25519() {
        try {
            return Identity.ofProtobuf(message("ed25519-private"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties load() {
        Properties properties = new Properties();
        try (InputStream in = Keys.class.getResourceAsStream("keys.properties")) {
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
