package io.swarmscope.internal.crypto;

import io.swarmscope.internal.wire.MalformedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.Provider;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** ChaCha20-Poly1305 by a Java security provider. One cipher object serves all frames. Used by one thread at a time. */
final class CipherAead implements Aead {
    private static final String TRANSFORMATION = "ChaCha20-Poly1305";
    private static final int NONCE_BYTES = 12;
    private static final int NONCE_AT = 4;

    private final Cipher cipher;
    private final byte[] iv = new byte[NONCE_BYTES];
    private final ByteBuffer ivWords = ByteBuffer.wrap(iv).order(ByteOrder.LITTLE_ENDIAN);
    private Key key = new SecretKeySpec(new byte[KEY_BYTES], "ChaCha20");

    CipherAead(Provider provider) {
        try {
            cipher = Cipher.getInstance(TRANSFORMATION, provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(provider.getName() + " has no " + TRANSFORMATION, e);
        }
    }

    /** The provider the Java platform itself would choose. */
    static Provider platform() {
        try {
            return Cipher.getInstance(TRANSFORMATION).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 11 has " + TRANSFORMATION, e);
        }
    }

    @Override
    public void key(byte[] bytes) {
        key = new SecretKeySpec(bytes, "ChaCha20");
    }

    @Override
    public void seal(
            long nonce, byte[] associated, byte[] source, int offset, int length, byte[] target, int targetOffset) {
        try {
            start(Cipher.ENCRYPT_MODE, nonce, associated);
            cipher.doFinal(source, offset, length, target, targetOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt " + length + " bytes", e);
        }
    }

    @Override
    public void open(
            long nonce, byte[] associated, byte[] source, int offset, int length, byte[] target, int targetOffset)
            throws MalformedException {
        try {
            start(Cipher.DECRYPT_MODE, nonce, associated);
            cipher.doFinal(source, offset, length, target, targetOffset);
        } catch (GeneralSecurityException e) {
            throw new MalformedException("sealed bytes are not authentic", e);
        }
    }

    private void start(int mode, long nonce, byte[] associated) throws GeneralSecurityException {
        ivWords.putLong(NONCE_AT, nonce);
        cipher.init(mode, key, new IvParameterSpec(iv));
        if (associated.length > 0) {
            cipher.updateAAD(associated);
        }
    }
}
