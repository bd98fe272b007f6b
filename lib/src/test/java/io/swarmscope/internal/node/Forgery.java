package io.swarmscope.internal.node;

import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.SignedEnvelope;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.jcajce.provider.digest.SHA512;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** The parts of a record's envelope, to be put together otherwise. */
record Forgery(byte[] key, byte[] type, byte[] payload, byte[] signature) {

    static final String DOMAIN = "swarmscope-record";

    /** The order of the large group of Ed25519. */
    private static final BigInteger L =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    static Forgery of(Signed<?> record) {
        byte[][] parts = parts(record.encoded());
        return new Forgery(parts[1], parts[2], parts[3], parts[5]);
    }

    /** The first of the two records that are evidence. */
    static byte[] standing(byte[] evidence) {
        return parts(evidence)[1];
    }

    private static byte[][] parts(byte[] message) {
        byte[][] parts = new byte[6][];
        try {
            ProtoReader in = ProtoReader.of(message);
            for (int field = in.next(); field != 0; field = in.next()) {
                parts[field] = in.bytes(10_000);
            }
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
        return parts;
    }

    byte[] encode() {
        return new ProtoWriter().bytes(1, key).bytes(2, type).bytes(3, payload).bytes(5, signature).toBytes();
    }

    Forgery withKey(byte[] other) {
        return new Forgery(other, type, payload, signature);
    }

    Forgery withType(String kind) {
        return new Forgery(key, ("/swarmscope/" + kind + "/1").getBytes(StandardCharsets.UTF_8), payload, signature);
    }

    Forgery withSignature(byte[] other) {
        return new Forgery(key, type, payload, other);
    }

    Forgery withJson(String json) {
        return new Forgery(key, type, json.getBytes(StandardCharsets.UTF_8), signature);
    }

    String json() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** Signed anew by somebody, for a purpose. */
    byte[] signedBy(Identity who, String domain) {
        return SignedEnvelope.seal(who, domain, type, payload).encoded();
    }

    /** Signed anew by somebody. */
    byte[] signedBy(Identity who) {
        return signedBy(who, DOMAIN);
    }

    /** An Ed25519 signature with another form of the same number: S + L. */
    Forgery withLargerS() {
        byte[] little = Arrays.copyOfRange(signature, 32, 64);
        byte[] sum = new BigInteger(1, reversed(little)).add(L).toByteArray();
        byte[] changed = signature.clone();
        byte[] s = reversed(sum);
        for (int i = 0; i < 32; i++) {
            changed[32 + i] = i < s.length ? s[i] : 0;
        }
        return withSignature(changed);
    }

    /** A signature that fits every message where the key is the neutral point, and every eighth where it is one of order eight: S and S times B. */
    static byte[] ofNobody(Random random) {
        byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
        random.nextBytes(seed);
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.generatePublicKey(seed, 0, signature, 0);
        byte[] s = Arrays.copyOf(new SHA512.Digest().digest(seed), 32);
        s[0] &= (byte) 0xf8;
        s[31] = (byte) (s[31] & 0x7f | 0x40);
        byte[] reduced = reversed(new BigInteger(1, reversed(s)).mod(L).toByteArray());
        System.arraycopy(reduced, 0, signature, 32, Math.min(reduced.length, 32));
        return signature;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    /** A field with its length written in one byte more than needed. */
    static byte[] overlong(int field, byte[] value) {
        byte[] proper = new ProtoWriter().bytes(field, value).toBytes();
        int header = proper.length - value.length;
        byte[] longer = new byte[proper.length + 1];
        System.arraycopy(proper, 0, longer, 0, header);
        longer[header - 1] |= (byte) 0x80;
        System.arraycopy(value, 0, longer, header + 1, value.length);
        return longer;
    }

    static byte[] concat(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
