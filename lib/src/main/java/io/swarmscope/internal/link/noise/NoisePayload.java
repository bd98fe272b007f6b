package io.swarmscope.internal.link.noise;

import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What both sides say inside the handshake: who they are, proven for this static key, and which muxers they speak.
 * Not changed after it was made; the link's handshake uses it.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md#the-libp2p-handshake-payload">payload</a>
 */
final class NoisePayload {
    private static final int IDENTITY_KEY = 1;
    private static final int IDENTITY_SIGNATURE = 2;
    private static final int EXTENSIONS = 4;
    private static final int EXTENSION_MUXERS = 2;

    private final byte[] identityKey;
    private final byte[] signature;
    private final List<String> muxers;

    NoisePayload(byte[] identityKey, byte[] signature, List<String> muxers) {
        this.identityKey = identityKey;
        this.signature = signature;
        this.muxers = List.copyOf(muxers);
    }

    static NoisePayload ofBytes(byte[] bytes) throws MalformedException {
        byte[] key = new byte[0];
        byte[] signature = new byte[0];
        List<String> muxers = new ArrayList<>();
        ProtoReader in = ProtoReader.of(bytes);
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case IDENTITY_KEY -> key = in.bytes(Limits.PUBLIC_KEY_BYTES);
                case IDENTITY_SIGNATURE -> signature = in.bytes(Limits.SIGNATURE_BYTES);
                case EXTENSIONS -> readMuxers(in.message(), muxers);
                default -> in.skip();
            }
        }
        return new NoisePayload(key, signature, muxers);
    }

    /** An empty message, which jvm sends, lists nothing. */
    private static void readMuxers(ProtoReader in, List<String> muxers) throws MalformedException {
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == EXTENSION_MUXERS && muxers.size() < Limits.NOISE_MUXERS) {
                muxers.add(in.string(Limits.NOISE_MUXER_BYTES));
            }
        }
    }

    byte[] toBytes() {
        ProtoWriter out = new ProtoWriter().bytes(IDENTITY_KEY, identityKey).bytes(IDENTITY_SIGNATURE, signature);
        if (!muxers.isEmpty()) {
            ProtoWriter extensions = new ProtoWriter();
            muxers.forEach(muxer -> extensions.string(EXTENSION_MUXERS, muxer));
            out.message(EXTENSIONS, extensions);
        }
        return out.toBytes();
    }

    /** The identity key's message, unchecked. */
    byte[] identityKey() {
        return identityKey;
    }

    /** The signature over the static key, unchecked. */
    byte[] signature() {
        return signature;
    }

    /** The muxers listed, in order. */
    List<String> muxers() {
        return muxers;
    }
}
