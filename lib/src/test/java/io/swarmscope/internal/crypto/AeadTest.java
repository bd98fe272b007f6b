package io.swarmscope.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.internal.wire.MalformedException;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class AeadTest {
    private static final byte[] NOTHING = new byte[0];

    @Test
    void anotherImplementationSealsTheSame() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Aead aead = Aeads.create();
        for (int length : new int[] {0, 1, 15, 16, 17, 63, 64, 65, 255, 1024, 65519}) {
            byte[] key = bytes(random, 32);
            byte[] associated = bytes(random, random.nextInt(70));
            byte[] plain = bytes(random, length);
            long nonce = random.nextLong();
            byte[] sealed = new byte[length + 16];
            aead.key(key);
            aead.seal(nonce, associated, plain, 0, length, sealed, 0);
            assertThat(sealed)
                    .as("seed %d, length %d", seed, length)
                    .isEqualTo(reference(key, nonce, associated, plain));
            byte[] opened = new byte[length];
            aead.open(nonce, associated, sealed, 0, sealed.length, opened, 0);
            assertThat(opened).isEqualTo(plain);
        }
    }

    @Test
    void sealingAndOpeningWorkInPlaceAndAtOffsets() throws MalformedException {
        Aead aead = Aeads.create();
        aead.key(new byte[32]);
        byte[] buffer = new byte[200];
        new Random(1).nextBytes(buffer);
        byte[] before = buffer.clone();
        aead.seal(1, NOTHING, buffer, 10, 100, buffer, 10);
        byte[] copy = new byte[150];
        System.arraycopy(buffer, 10, copy, 0, 116);
        aead.open(1, NOTHING, copy, 0, 116, copy, 0);
        aead.open(1, NOTHING, buffer, 10, 116, buffer, 10);
        for (int i = 0; i < 100; i++) {
            assertThat(buffer[10 + i]).isEqualTo(before[10 + i]);
            assertThat(copy[i]).isEqualTo(before[10 + i]);
        }
    }

    @Test
    void anyChangeIsNoticed() {
        Aead aead = Aeads.create();
        aead.key(new byte[32]);
        byte[] sealed = new byte[40];
        aead.seal(7, new byte[] {1}, new byte[24], 0, 24, sealed, 0);
        byte[] opened = new byte[24];
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> aead.open(7, new byte[] {1}, changed, 0, 40, opened, 0))
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> aead.open(8, new byte[] {1}, sealed, 0, 40, opened, 0))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> aead.open(7, NOTHING, sealed, 0, 40, opened, 0))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> aead.open(7, NOTHING, sealed, 0, 3, opened, 0)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aProviderIsChosenByName() {
        assertThat(Aeads.provider()).isNotBlank();
    }

    @Test
    void x25519GivesTheSecretOfTheStandard() throws MalformedException {
        // RFC 7748, section 6.1
        byte[] alicePublic =
                HexFormat.of().parseHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        byte[] bob = HexFormat.of().parseHex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        assertThat(HexFormat.of().formatHex(X25519.publicKey(bob)))
                .isEqualTo("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        assertThat(HexFormat.of().formatHex(X25519.agree(bob, alicePublic)))
                .isEqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    }

    @Test
    void keysOfSmallOrderLeadToNoSecret() {
        for (String hex : new String[] {
            "00".repeat(32),
            "01" + "00".repeat(31),
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
        }) {
            byte[] secret = X25519.generatePrivateKey(new java.security.SecureRandom());
            assertThatThrownBy(() -> X25519.agree(secret, HexFormat.of().parseHex(hex)))
                    .as(hex)
                    .isInstanceOf(MalformedException.class);
        }
    }

    private static byte[] reference(byte[] key, long nonce, byte[] associated, byte[] plain) throws Exception {
        byte[] iv = new byte[12];
        for (int i = 0; i < 8; i++) {
            iv[4 + i] = (byte) (nonce >>> (8 * i));
        }
        ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
        cipher.init(true, new AEADParameters(new KeyParameter(key), 128, iv, associated));
        byte[] out = new byte[plain.length + 16];
        int count = cipher.processBytes(plain, 0, plain.length, out, 0);
        cipher.doFinal(out, count);
        return out;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
