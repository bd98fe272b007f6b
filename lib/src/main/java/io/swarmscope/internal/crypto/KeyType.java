package io.swarmscope.internal.crypto;

import org.jspecify.annotations.Nullable;

/** The kinds of identity keys libp2p knows. */
public enum KeyType {
    /** RSA, 2048 to 8192 bits. */
    RSA(0),
    /** Ed25519, the kind every implementation speaks and the only one this node makes. */
    ED25519(1),
    /** ECDSA over secp256k1. */
    SECP256K1(2),
    /** ECDSA over P-256. */
    ECDSA(3);

    private final int code;

    KeyType(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    static @Nullable KeyType ofCode(long code) {
        for (KeyType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
