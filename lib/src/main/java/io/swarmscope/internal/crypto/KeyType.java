package io.swarmscope.internal.crypto;

/** The kinds of identity keys libp2p knows. The constants' order is their number on the wire. */
public enum KeyType {
    /** RSA, 2048 to 8192 bits. */
    RSA,
    /** Ed25519, the kind every implementation speaks and the only one this node makes. */
    ED25519,
    /** ECDSA over secp256k1. */
    SECP256K1,
    /** ECDSA over P-256. */
    ECDSA;

    /** The number on the wire. */
    public int code() {
        return ordinal();
    }
}
