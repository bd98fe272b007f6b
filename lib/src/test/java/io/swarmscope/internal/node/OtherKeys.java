package io.swarmscope.internal.node;

import io.swarmscope.internal.crypto.KeyType;
import io.swarmscope.internal.wire.ProtoWriter;
import io.swarmscope.internal.wire.Varint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.jcajce.provider.digest.SHA256;

/** A signer with a key that is not Ed25519, as other implementations may have one. */
final class OtherKeys {

    private interface Signing {
        byte[] sign(byte[] message) throws GeneralSecurityException, IOException;
    }

    private static final ECDomainParameters SECP256K1 =
            new ECDomainParameters(CustomNamedCurves.getByName("secp256k1"));

    private static final BigInteger P256_ORDER = CustomNamedCurves.getByName("secp256r1").getN();

    private final byte[] publicKey;
    private final Signing signing;

    private OtherKeys(KeyType type, byte[] data, Signing signing) {
        this.publicKey = new ProtoWriter().varint(1, type.code()).bytes(2, data).toBytes();
        this.signing = signing;
    }

    static OtherKeys rsa() {
        return ofJdk("RSA", 2048, KeyType.RSA, "SHA256withRSA");
    }

    static OtherKeys p256() {
        return ofJdk("EC", 256, KeyType.ECDSA, "SHA256withECDSA");
    }

    static OtherKeys secp256k1() {
        BigInteger secret = new BigInteger(255, new SecureRandom()).add(BigInteger.ONE);
        byte[] point = SECP256K1.getG().multiply(secret).normalize().getEncoded(true);
        return new OtherKeys(KeyType.SECP256K1, point, message -> {
            ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
            signer.init(true, new ECPrivateKeyParameters(secret, SECP256K1));
            BigInteger[] rs = signer.generateSignature(new SHA256.Digest().digest(message));
            return StandardDSAEncoding.INSTANCE.encode(SECP256K1.getN(), rs[0], rs[1]);
        });
    }

    private static OtherKeys ofJdk(String algorithm, int bits, KeyType type, String signature) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            KeyPair pair = generator.generateKeyPair();
            return new OtherKeys(type, pair.getPublic().getEncoded(), message -> {
                Signature signer = Signature.getInstance(signature);
                signer.initSign(pair.getPrivate());
                signer.update(message);
                return signer.sign();
            });
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The record with this key and its signature in place of what it had. */
    byte[] sign(Forgery record) {
        try {
            byte[] signature = signing.sign(signedBytes(record));
            return record.withKey(publicKey).withSignature(signature).encode();
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A P-256 signature turned into the other one that fits the same message. */
    static byte[] otherOfP256(byte[] signature) {
        try {
            BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(P256_ORDER, signature);
            return StandardDSAEncoding.INSTANCE.encode(P256_ORDER, rs[0], P256_ORDER.subtract(rs[1]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] signedBytes(Forgery record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : new byte[][] {Forgery.DOMAIN.getBytes(StandardCharsets.UTF_8), record.type(), record.payload()}) {
            ByteBuffer length = ByteBuffer.allocate(5);
            Varint.write(length, part.length);
            out.write(length.array(), 0, length.position());
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
