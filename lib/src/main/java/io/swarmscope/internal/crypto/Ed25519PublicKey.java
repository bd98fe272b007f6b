package io.swarmscope.internal.crypto;

import io.swarmscope.internal.wire.MalformedException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 key with its decoded point. Immutable, for any thread. */
final class Ed25519PublicKey extends PublicKey {
    /**
     * The y coordinates of the points of small order, little endian. With such a key a signature fits any message, so
     * that everybody could speak for its owner.
     */
    private static final List<byte[]> SMALL_ORDER = List.of(
            hex("0000000000000000000000000000000000000000000000000000000000000000"),
            hex("0100000000000000000000000000000000000000000000000000000000000000"),
            hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
            hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"));

    private final Ed25519.PublicPoint point;

    private Ed25519PublicKey(byte[] data, Ed25519.PublicPoint point) {
        super(KeyType.ED25519, data);
        this.point = point;
    }

    static Ed25519PublicKey of(byte[] data) throws MalformedException {
        if (data.length != Ed25519.PUBLIC_KEY_SIZE) {
            throw new MalformedException("Ed25519 key has " + data.length + " bytes instead of 32");
        }
        // "Partial" leaves out only the check for a component of small order beside the large one, which costs as much
        // as a verification and does not help to forge.
        Ed25519.PublicPoint point = Ed25519.validatePublicKeyPartialExport(data, 0);
        if (point == null || isSmallOrder(data)) {
            throw new MalformedException("Ed25519 key is not a point of the curve's large group");
        }
        return new Ed25519PublicKey(data, point);
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
        return signature.length == Ed25519.SIGNATURE_SIZE
                && Ed25519.verify(signature, 0, point, message, 0, message.length);
    }

    private static boolean isSmallOrder(byte[] data) {
        byte[] y = data.clone();
        y[31] &= 0x7f;
        return SMALL_ORDER.stream().anyMatch(small -> Arrays.equals(small, y));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
