package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.util.Arrays;
import java.util.List;

/**
 * The namespace {@code pk}: {@code /pk/} and the bytes of a peer id; the value is the public key message whose peer id that is. The id
 * binds every byte of the key, so nothing else needs to be looked at. Any thread.
 */
final class PublicKeyValidator implements Validator {

    private static final int PREFIX_BYTES = "/pk/".length();

    @Override
    public Verdict validate(byte[] key, byte[] value) {
        if (value.length > Limits.PUBLIC_KEY_BYTES) {
            return Verdict.refused("longer than any public key");
        }
        byte[] id = Arrays.copyOfRange(key, Math.min(PREFIX_BYTES, key.length), key.length);
        return Arrays.equals(id, PeerId.ofPublicKey(value).toBytes())
                ? Verdict.ACCEPTED
                : Verdict.refused("the public key is not that of the peer in the key");
    }

    @Override
    public int select(byte[] key, List<byte[]> values) {
        return 0; // whatever is accepted is the same key
    }
}
