package io.swarmscope.internal.crypto;

import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Multihash;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/** A key for ECDSA over SHA-256, on P-256 or secp256k1. Immutable, for any thread. */
final class EcdsaPublicKey extends PublicKey {
    private static final ECDomainParameters P256 = curve("secp256r1");
    private static final ECDomainParameters SECP256K1 = curve("secp256k1");

    /**
     * The start of every DER SubjectPublicKeyInfo of an uncompressed P-256 point. DER leaves no choice, so comparing
     * these bytes is a stricter parser than any, and a smaller one.
     */
    private static final byte[] P256_INFO =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

    private static final int UNCOMPRESSED_BYTES = 65;
    private static final byte UNCOMPRESSED = 4;
    private static final int COMPRESSED_BYTES = 33;

    /** Two integers of up to 33 bytes with their headers. */
    private static final int MAX_SIGNATURE_BYTES = 72;

    private final ECPublicKeyParameters key;

    private EcdsaPublicKey(KeyType type, byte[] data, ECPublicKeyParameters key) {
        super(type, data);
        this.key = key;
    }

    /** From a 33-byte compressed point. */
    static EcdsaPublicKey secp256k1(byte[] data) throws MalformedException {
        if (data.length != COMPRESSED_BYTES) {
            throw new MalformedException("secp256k1 key has " + data.length + " bytes instead of 33");
        }
        return new EcdsaPublicKey(KeyType.SECP256K1, data, decode(SECP256K1, data));
    }

    /** From a DER SubjectPublicKeyInfo. */
    static EcdsaPublicKey p256(byte[] data) throws MalformedException {
        int header = P256_INFO.length;
        if (data.length != header + UNCOMPRESSED_BYTES
                || !Arrays.equals(data, 0, header, P256_INFO, 0, header)
                || data[header] != UNCOMPRESSED) {
            throw new MalformedException("ECDSA key is not the DER form of an uncompressed P-256 point");
        }
        byte[] point = Arrays.copyOfRange(data, header, data.length);
        return new EcdsaPublicKey(KeyType.ECDSA, data, decode(P256, point));
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
        if (signature.length > MAX_SIGNATURE_BYTES) {
            return false;
        }
        try {
            BigInteger[] rs =
                    StandardDSAEncoding.INSTANCE.decode(key.getParameters().getN(), signature);
            ECDSASigner signer = new ECDSASigner();
            signer.init(false, key);
            return signer.verifySignature(Multihash.sha256Digest().digest(message), rs[0], rs[1]);
        } catch (IOException | RuntimeException e) {
            // The decoder has no other way to say that the signature is not DER.
            return false;
        }
    }

    private static ECPublicKeyParameters decode(ECDomainParameters curve, byte[] point) throws MalformedException {
        try {
            return new ECPublicKeyParameters(curve.getCurve().decodePoint(point), curve);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("key is not a point of its curve", e);
        }
    }

    private static ECDomainParameters curve(String name) {
        X9ECParameters curve = CustomNamedCurves.getByName(name);
        return new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
    }
}
