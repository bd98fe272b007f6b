package io.swarmscope.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Mangler;
import io.swarmscope.internal.wire.ProtoWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicKeyTest {
    private static final byte[] MESSAGE = "what was said".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @CsvSource({
        "ed25519, ED25519, 12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq",
        "secp256k1, SECP256K1, 16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY",
        "ecdsa, ECDSA, QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk",
        "rsa, RSA, QmaeANgBs1DTSxWSrPPtobgQuxW8XTfsS4ydbK4rCHzqxG"
    })
    void theKeysOfTheSpecificationHaveTheirIds(String name, KeyType type, String id) throws MalformedException {
        byte[] message = Keys.message(name + "-public");
        PublicKey key = PublicKey.ofProtobuf(message);
        assertThat(key.type()).isEqualTo(type);
        assertThat(key.peerId()).hasToString(id);
        assertThat(key.toProtobuf()).isEqualTo(message);
        assertThat(PublicKey.ofProtobuf(key.toProtobuf())).isEqualTo(key).hasSameHashCodeAs(key);
    }

    @Test
    void shortKeysAreFoundInTheIdsThatContainThem() throws MalformedException {
        for (String name : new String[] {"ed25519", "secp256k1"}) {
            PublicKey key = PublicKey.ofProtobuf(Keys.message(name + "-public"));
            assertThat(PublicKey.inlinedIn(key.peerId())).contains(key);
        }
        PublicKey hashed = PublicKey.ofProtobuf(Keys.message("ecdsa-public"));
        assertThat(PublicKey.inlinedIn(hashed.peerId())).isEmpty();
        assertThat(PublicKey.inlinedIn(PeerId.ofBytes(new byte[] {0, 1, 1}))).isEmpty();
        // The same key with a field nobody knows: a second id for one key, which must not be taken for it.
        byte[] padded = Arrays.copyOf(Keys.message("ed25519-public"), 38);
        padded[36] = 0x18;
        assertThat(PublicKey.inlinedIn(PeerId.ofPublicKey(padded))).isEmpty();
    }

    @Test
    void anEd25519SignatureFitsOneMessageAndOneKey() throws MalformedException {
        Identity identity = Keys.ed25519();
        byte[] signature = identity.sign(MESSAGE);
        assertVerifies(identity.publicKey(), signature);
        Identity other = Identity.generate(new java.security.SecureRandom());
        assertThat(other.publicKey().verify(MESSAGE, signature)).isFalse();
        // S + L is the same number modulo the group's order: accepting it would make signatures malleable.
        BigInteger order = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
        byte[] s = reverse(Arrays.copyOfRange(signature, 32, 64));
        byte[] more = new BigInteger(1, s).add(order).toByteArray();
        byte[] malleable = signature.clone();
        byte[] little = reverse(more);
        System.arraycopy(little, 0, malleable, 32, 32);
        assertThat(identity.publicKey().verify(MESSAGE, malleable)).isFalse();
    }

    @Test
    void anRsaSignatureFitsOneMessageAndOneKey() throws Exception {
        // The private key is PKCS #1, behind the field headers of the message.
        byte[] message = Keys.message("rsa-private");
        RSAPrivateKey pkcs1 = RSAPrivateKey.getInstance(Arrays.copyOfRange(message, 5, message.length));
        PrivateKey rsa = KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateKeySpec(pkcs1.getModulus(), pkcs1.getPrivateExponent()));
        assertVerifies(PublicKey.ofProtobuf(Keys.message("rsa-public")), sign("SHA256withRSA", rsa));
    }

    @Test
    void aP256SignatureFitsOneMessageAndOneKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        PublicKey key = PublicKey.ofProtobuf(message(3, pair.getPublic().getEncoded()));
        assertVerifies(key, sign("SHA256withECDSA", pair.getPrivate()));
    }

    @Test
    void aSecp256k1SignatureFitsOneMessageAndOneKey() throws MalformedException {
        var curve = CustomNamedCurves.getByName("secp256k1");
        byte[] secret = Arrays.copyOfRange(Keys.message("secp256k1-private"), 4, 36);
        DSADigestSigner signer = new DSADigestSigner(new ECDSASigner(), new SHA256Digest());
        signer.init(
                true,
                new ECPrivateKeyParameters(
                        new BigInteger(1, secret),
                        new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN())));
        signer.update(MESSAGE, 0, MESSAGE.length);
        assertVerifies(PublicKey.ofProtobuf(Keys.message("secp256k1-public")), signer.generateSignature());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0200000000000000000000000000000000000000000000000000000000000000"
            })
    void anEd25519KeyOfSmallOrderOrOffTheCurveIsRefused(String hex) {
        assertRefused(message(1, HexFormat.of().parseHex(hex)));
    }

    @Test
    void pointsOffTheCurveAreRefused() {
        byte[] p256 = Keys.message("ecdsa-public");
        p256[p256.length - 1] ^= 1;
        assertRefused(p256);
        byte[] secp256k1 = Keys.message("secp256k1-public");
        int refused = 0;
        for (int i = 0; i < 32; i++) {
            byte[] other = secp256k1.clone();
            other[other.length - 1] = (byte) i;
            refused += isRefused(other) ? 1 : 0;
        }
        assertThat(refused).as("half of all x coordinates have no point").isBetween(5, 27);
        byte[] beyond = new byte[33];
        Arrays.fill(beyond, (byte) 0xff);
        beyond[0] = 2;
        assertRefused(message(2, beyond)); // x is not below the field's prime
        assertRefused(message(2, new byte[] {0}));
        assertRefused(message(2, new byte[33]));
    }

    @Test
    void otherEncodingsOfAGoodKeyAreRefused() throws GeneralSecurityException {
        byte[] rsa = KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(
                        BigInteger.ONE.shiftLeft(2047).add(BigInteger.ONE), BigInteger.valueOf(65537)))
                .getEncoded();
        assertThat(isRefused(message(0, rsa))).isFalse();
        assertRefused(message(0, Arrays.copyOf(rsa, rsa.length + 1)));
        byte[] longLength =
                HexFormat.of().parseHex("3083" + "000122" + HexFormat.of().formatHex(rsa, 4, rsa.length));
        assertRefused(message(0, longLength));
        byte[] p256 = Arrays.copyOfRange(Keys.message("ecdsa-public"), 4, 95);
        assertRefused(message(3, Arrays.copyOf(p256, p256.length + 1)));
    }

    @Test
    void rsaKeysHave2048To8192BitsAndASmallOddExponent() throws GeneralSecurityException {
        assertThat(isRefused(message(0, rsa(2048, 65537)))).isFalse();
        assertThat(isRefused(message(0, rsa(8192, 3)))).isFalse();
        assertRefused(message(0, rsa(2047, 65537)));
        assertRefused(message(0, rsa(1024, 65537)));
        assertRefused(message(0, rsa(8193, 65537)));
        assertRefused(message(0, rsa(2048, 65536)));
        assertRefused(message(0, rsa(2048, (1L << 31) + 1)));
    }

    @Test
    void aMessageThatIsNoKeyIsRefused() {
        for (String bad : new String[] {
            "",
            "08",
            "0801",
            "1200",
            "0804" + "1200",
            "08011200",
            "0801121f" + "00".repeat(31),
            "0801" + "1221" + "00".repeat(33),
            "08ffffffffffffffffff01" + "1200"
        }) {
            assertRefused(HexFormat.of().parseHex(bad));
        }
        assertRefused(new byte[2000]);
    }

    @Test
    void noiseNeverFailsOtherwise() {
        for (String name : new String[] {"ed25519", "secp256k1", "ecdsa", "rsa"}) {
            Mangler.attack(
                    Keys.message(name + "-public"),
                    bytes -> PublicKey.ofProtobuf(bytes).peerId());
        }
    }

    @Test
    void aMangledSignatureIsOnlyWrong() throws Exception {
        PublicKey ecdsa = PublicKey.ofProtobuf(Keys.message("ecdsa-public"));
        PublicKey rsa = PublicKey.ofProtobuf(Keys.message("rsa-public"));
        PublicKey ed25519 = Keys.ed25519().publicKey();
        Mangler.attack(HexFormat.of().parseHex("3006020101020101"), signature -> {
            assertThat(ecdsa.verify(MESSAGE, signature)).isFalse();
            assertThat(ed25519.verify(MESSAGE, signature)).isFalse();
        });
        assertThat(rsa.verify(MESSAGE, new byte[512])).isFalse();
        assertThat(rsa.verify(MESSAGE, new byte[0])).isFalse();
    }

    private static void assertVerifies(PublicKey key, byte[] signature) {
        assertThat(key.verify(MESSAGE, signature)).isTrue();
        assertThat(key.verify(new byte[] {1}, signature)).isFalse();
        assertThat(key.verify(MESSAGE, Arrays.copyOf(signature, signature.length - 1)))
                .isFalse();
        assertThat(key.verify(MESSAGE, Arrays.copyOf(signature, signature.length + 1)))
                .isFalse();
        byte[] flipped = signature.clone();
        flipped[signature.length - 1] ^= 1;
        assertThat(key.verify(MESSAGE, flipped)).isFalse();
    }

    private static byte[] sign(String algorithm, PrivateKey key) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(MESSAGE);
        return signer.sign();
    }

    private static byte[] rsa(int bits, long exponent) throws GeneralSecurityException {
        // Bouncy Castle encodes what the JDK's key factory would refuse.
        BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
        try {
            return new org.bouncycastle.asn1.x509.SubjectPublicKeyInfo(
                            new org.bouncycastle.asn1.x509.AlgorithmIdentifier(
                                    org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.rsaEncryption,
                                    org.bouncycastle.asn1.DERNull.INSTANCE),
                            new org.bouncycastle.asn1.pkcs.RSAPublicKey(modulus, BigInteger.valueOf(exponent)))
                    .getEncoded("DER");
        } catch (java.io.IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static byte[] message(int type, byte[] data) {
        return new ProtoWriter().varint(1, type).bytes(2, data).toBytes();
    }

    private static void assertRefused(byte[] message) {
        assertThatThrownBy(() -> PublicKey.ofProtobuf(message))
                .isInstanceOf(MalformedException.class)
                .message()
                .isNotBlank();
    }

    private static boolean isRefused(byte[] message) {
        try {
            PublicKey.ofProtobuf(message);
            return false;
        } catch (MalformedException e) {
            return true;
        }
    }

    private static byte[] reverse(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
