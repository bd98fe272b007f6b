package io.swarmscope.internal.crypto;

import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** An RSA key of 2048 to 8192 bits for PKCS #1 version 1.5 signatures over SHA-256. Immutable, for any thread. */
final class RsaPublicKey extends PublicKey {
    private static final int MIN_BITS = 2048;
    private static final int MAX_BITS = 8192;

    /** Bytes around the modulus in the DER form, with an exponent of at most 4 bytes; checked before parsing. */
    private static final int MAX_OVERHEAD_BYTES = 48;

    /** As go: a larger exponent makes each verification as slow as a signature. */
    private static final BigInteger MAX_EXPONENT = BigInteger.valueOf(Integer.MAX_VALUE);

    private final java.security.PublicKey key;

    private RsaPublicKey(byte[] data, java.security.PublicKey key) {
        super(KeyType.RSA, data);
        this.key = key;
    }

    /** From a DER SubjectPublicKeyInfo. */
    static RsaPublicKey of(byte[] data) throws MalformedException {
        if (data.length < MIN_BITS / 8 || data.length > MAX_BITS / 8 + MAX_OVERHEAD_BYTES) {
            throw new MalformedException(
                    "RSA key of " + data.length + " bytes has not " + MIN_BITS + " to " + MAX_BITS + " bits");
        }
        RSAPublicKey parsed = parse(data);
        requireSane(parsed.getModulus(), parsed.getPublicExponent());
        try {
            RSAPublicKeySpec spec = new RSAPublicKeySpec(parsed.getModulus(), parsed.getPublicExponent());
            return new RsaPublicKey(data, KeyFactory.getInstance("RSA").generatePublic(spec));
        } catch (GeneralSecurityException e) {
            throw new MalformedException("RSA key is not usable", e);
        }
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static RSAPublicKey parse(byte[] data) throws MalformedException {
        try {
            RSAPublicKey key = RSAPublicKey.getInstance(
                    SubjectPublicKeyInfo.getInstance(data).parsePublicKey());
            if (!Arrays.equals(data, encode(key))) {
                // A second encoding of one key would give one peer two ids.
                throw new MalformedException("RSA key is not in DER");
            }
            return key;
        } catch (MalformedException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The parser has no common type for all the ways in which bytes are not the expected structure.
            throw new MalformedException("RSA key is not a SubjectPublicKeyInfo", e);
        }
    }

    private static byte[] encode(RSAPublicKey key) throws IOException {
        AlgorithmIdentifier rsa = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
        return new SubjectPublicKeyInfo(rsa, key).getEncoded(ASN1Encoding.DER);
    }

    private static void requireSane(BigInteger modulus, BigInteger exponent) throws MalformedException {
        int bits = modulus.bitLength();
        if (modulus.signum() <= 0 || !modulus.testBit(0) || bits < MIN_BITS || bits > MAX_BITS) {
            throw new MalformedException(
                    "RSA modulus of " + bits + " bits is even or has not " + MIN_BITS + " to " + MAX_BITS + " bits");
        }
        if (exponent.compareTo(BigInteger.TWO) <= 0 || !exponent.testBit(0) || exponent.compareTo(MAX_EXPONENT) > 0) {
            throw new MalformedException("RSA exponent is even, or not from 3 to 2147483647");
        }
    }
}
