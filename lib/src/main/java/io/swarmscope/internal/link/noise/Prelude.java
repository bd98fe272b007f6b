package io.swarmscope.internal.link.noise;

import java.io.IOException;
import java.io.InputStream;

/**
 * How a dialer agrees on Noise without waiting for the answer: its proposal travels in front of the first handshake
 * message, the answer is read before the second. Used by the thread that runs the handshake.
 */
public interface Prelude {
    /** Nothing to agree on, because it was agreed on before. */
    Prelude NONE = new Prelude() {
        @Override
        public byte[] opening() {
            return new byte[0];
        }

        @Override
        public void readReply(InputStream in) {
            // nothing was proposed
        }
    };

    /** What to send in front of the first message. */
    byte[] opening();

    /**
     * Reads the peer's answer, and not a byte more.
     *
     * @throws IOException if the peer does not agree; passed on to the caller of the handshake
     */
    void readReply(InputStream in) throws IOException;
}
