package io.swarmscope.internal.crypto;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Multihash;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.Arrays;
import java.util.Optional;

/**
 * A peer's identity key, checked when made: sizes are within bounds, encodings canonical and points on their curve.
 * Immutable, for any thread.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#keys">keys in the specification</a>
 */
public abstract sealed class PublicKey permits Ed25519PublicKey, EcdsaPublicKey, RsaPublicKey {
    private static final int TYPE = 1;
    private static final int DATA = 2;

    private final KeyType type;
    private final byte[] data;
    private final byte[] protobuf;
    private final PeerId peerId;

    PublicKey(KeyType type, byte[] data) {
        this.type = type;
        this.data = data.clone();
        this.protobuf =
                new ProtoWriter().varint(TYPE, type.code()).bytes(DATA, data).toBytes();
        this.peerId = PeerId.ofPublicKey(protobuf);
    }

    /**
     * The key in a {@code PublicKey} message.
     *
     * @throws MalformedException if the message lacks a field, the type is unknown, or the key is not one of its type
     */
    public static PublicKey ofProtobuf(byte[] message) throws MalformedException {
        if (message.length > Limits.PUBLIC_KEY_BYTES) {
            throw new MalformedException("public key of " + message.length + " bytes exceeds the limit");
        }
        ProtoReader in = ProtoReader.of(message);
        long type = -1;
        byte[] data = new byte[0];
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case TYPE -> type = in.varint();
                case DATA -> data = in.bytes(Limits.PUBLIC_KEY_BYTES);
                default -> in.skip();
            }
        }
        return of(type, data);
    }

    private static PublicKey of(long code, byte[] data) throws MalformedException {
        KeyType type = KeyType.ofCode(code);
        if (type == null) {
            throw new MalformedException("public key has type " + code + ", which is none of 0 to 3");
        }
        return switch (type) {
            case RSA -> RsaPublicKey.of(data);
            case ED25519 -> Ed25519PublicKey.of(data);
            case SECP256K1 -> EcdsaPublicKey.secp256k1(data);
            case ECDSA -> EcdsaPublicKey.p256(data);
        };
    }

    /**
     * The key that a peer id contains, as those of Ed25519 and secp256k1 peers do.
     *
     * @return empty if the id is a hash, or what it contains is not a valid key
     */
    public static Optional<PublicKey> inlinedIn(PeerId peer) {
        Multihash hash = Multihash.ofBytes(peer.toBytes());
        if (hash.code() != Multihash.IDENTITY) {
            return Optional.empty();
        }
        try {
            PublicKey key = ofProtobuf(hash.digest());
            // Another encoding of the same key would make two names for one peer.
            return key.peerId().equals(peer) ? Optional.of(key) : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** The kind of key. */
    public KeyType type() {
        return type;
    }

    /** The key itself in the form that its type has; a copy. */
    public byte[] data() {
        return data.clone();
    }

    /** The deterministic {@code PublicKey} message, which peer ids are made of; a copy. */
    public byte[] toProtobuf() {
        return protobuf.clone();
    }

    /** The id of the peer that has this key. */
    public PeerId peerId() {
        return peerId;
    }

    /**
     * Whether the signature over the message was made by the owner of this key. Takes 0.05 to 0.2 ms for all types but
     * long RSA keys; a malformed signature is a wrong one.
     */
    public abstract boolean verify(byte[] message, byte[] signature);

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that && Arrays.equals(protobuf, that.protobuf);
    }

    @Override
    public int hashCode() {
        return peerId.hashCode();
    }

    @Override
    public String toString() {
        return type + " key of " + peerId;
    }
}
