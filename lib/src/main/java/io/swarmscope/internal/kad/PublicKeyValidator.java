package io.swarmscope.internal.kad;

import java.util.List;

/** The namespace {@code pk}: the value is the public key whose peer id is the rest of the key. Any thread. */
final class PublicKeyValidator implements Validator {

    @Override
    public Verdict validate(byte[] key, byte[] value) {
        return Verdict.refused("public keys are not supported yet");
    }

    @Override
    public int select(byte[] key, List<byte[]> values) {
        return 0; // all accepted values are the same key
    }
}
