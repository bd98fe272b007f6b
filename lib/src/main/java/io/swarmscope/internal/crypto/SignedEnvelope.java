package io.swarmscope.internal.crypto;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import io.swarmscope.internal.wire.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A payload, what kind it is, and a signature over both for one purpose, whose verification made this object.
 * Immutable, for any thread.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/RFC/0002-signed-envelopes.md">signed envelopes</a>
 */
public final class SignedEnvelope {
    private static final int KEY = 1;
    private static final int PAYLOAD_TYPE = 2;
    private static final int PAYLOAD = 3;
    private static final int SIGNATURE = 5;

    private final PublicKey key;
    private final byte[] payloadType;
    private final byte[] payload;
    private final byte[] signature;
    private final byte[] encoded;

    private SignedEnvelope(PublicKey key, byte[] payloadType, byte[] payload, byte[] signature, byte[] encoded) {
        this.key = key;
        this.payloadType = payloadType;
        this.payload = payload;
        this.signature = signature;
        this.encoded = encoded;
    }

    /**
     * Signs a payload.
     *
     * @param domain the purpose; a signature for one is worth nothing for another
     * @param payloadType says what the payload is
     */
    public static SignedEnvelope seal(Identity identity, String domain, byte[] payloadType, byte[] payload) {
        byte[] signature = identity.sign(signedBytes(domain, payloadType, payload));
        byte[] encoded = new ProtoWriter()
                .bytes(KEY, identity.publicKey().toProtobuf())
                .bytes(PAYLOAD_TYPE, payloadType)
                .bytes(PAYLOAD, payload)
                .bytes(SIGNATURE, signature)
                .toBytes();
        return new SignedEnvelope(identity.publicKey(), payloadType.clone(), payload.clone(), signature, encoded);
    }

    /**
     * Reads an envelope and verifies it. Who may have signed it is for the caller to decide.
     *
     * @param encoded at most {@link Limits#ENVELOPE_BYTES}
     * @param domain the purpose it must have been signed for
     * @throws MalformedException if it is no envelope, its key is not valid, or the signature is wrong
     */
    public static SignedEnvelope open(byte[] encoded, String domain) throws MalformedException {
        if (encoded.length > Limits.ENVELOPE_BYTES) {
            throw new MalformedException("envelope of " + encoded.length + " bytes exceeds the limit");
        }
        ProtoReader in = ProtoReader.of(encoded);
        byte[] key = null;
        byte[] type = null;
        byte[] payload = null;
        byte[] signature = null;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case KEY -> key = in.bytes(Limits.PUBLIC_KEY_BYTES);
                case PAYLOAD_TYPE -> type = in.bytes(Limits.ENVELOPE_BYTES);
                case PAYLOAD -> payload = in.bytes(Limits.ENVELOPE_BYTES);
                case SIGNATURE -> signature = in.bytes(Limits.SIGNATURE_BYTES);
                default -> in.skip();
            }
        }
        SignedEnvelope envelope = new SignedEnvelope(
                PublicKey.ofProtobuf(present(key, "public key")),
                present(type, "payload type"),
                present(payload, "payload"),
                present(signature, "signature"),
                encoded.clone());
        envelope.requireSignedFor(domain);
        return envelope;
    }

    private void requireSignedFor(String domain) throws MalformedException {
        if (!key.verify(signedBytes(domain, payloadType, payload), signature)) {
            throw new MalformedException("envelope is not signed by its key for " + domain);
        }
    }

    private static byte[] present(byte @Nullable [] value, String name) throws MalformedException {
        if (value == null) {
            throw new MalformedException("envelope has no " + name);
        }
        return value;
    }

    private static byte[] signedBytes(String domain, byte[] payloadType, byte[] payload) {
        byte[] purpose = domain.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(prefixedSize(purpose) + prefixedSize(payloadType) + prefixedSize(payload));
        for (byte[] part : new byte[][] {purpose, payloadType, payload}) {
            Varint.write(out, part.length);
            out.put(part);
        }
        return out.array();
    }

    private static int prefixedSize(byte[] part) {
        return Varint.size(part.length) + part.length;
    }

    /** The key that signed. */
    public PublicKey key() {
        return key;
    }

    /** The peer that signed. */
    public PeerId signer() {
        return key.peerId();
    }

    /** What the payload is; a copy. */
    public byte[] payloadType() {
        return payloadType.clone();
    }

    /** The payload; a copy. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The signature; a copy. */
    public byte[] signature() {
        return signature.clone();
    }

    /** The whole envelope as on the wire; a copy. */
    public byte[] encoded() {
        return encoded.clone();
    }
}
