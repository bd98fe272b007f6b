package io.swarmscope.internal.link;

import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * An encrypted connection to a peer whose identity is proven. Blocking: one thread, the link's reader, reads while one
 * other, the link's writer, writes; only {@link #close} may be called by any thread. Time limits are the socket's.
 */
public interface SecureChannel {

    /** The peer's identity key. */
    PublicKey remoteKey();

    /** The peer, as its identity key says. */
    default PeerId remote() {
        return remoteKey().peerId();
    }

    /** The muxers the peer listed during the handshake, in its order; empty if it listed none. */
    List<String> remoteMuxers();

    /**
     * Whether both sides listed this muxer during the handshake, so that it is agreed on and no further negotiation
     * takes place. Otherwise the muxer is negotiated as if nobody had listed any.
     */
    boolean earlyMuxer(String protocol);

    /**
     * Reads decrypted bytes like {@link InputStream#read(byte[], int, int)}: waits for at least one.
     *
     * @return how many, or -1 if the peer ended the connection between two frames
     * @throws java.io.EOFException if the connection ended inside a frame
     * @throws IOException if it failed, or a frame is not authentic; no later read succeeds then
     */
    int read(byte[] buffer, int offset, int length) throws IOException;

    /**
     * Encrypts the bytes into as few frames as possible and hands those to the socket in as few writes as possible, one
     * for up to 128 KiB. The bytes may be reused when it returns.
     *
     * @throws IOException if the connection failed; it is of no use afterwards
     */
    void write(byte[] buffer, int offset, int length) throws IOException;

    /** Closes the connection beneath, which ends reads and writes that wait. Idempotent, for any thread. */
    void close();

    /** {@link #read} as a stream for the reader thread. It reads ahead nothing, so several may follow one another. */
    default InputStream input() {
        return new ChannelInput(this);
    }

    /** {@link #write} as a stream for the writer thread. Unbuffered: what is to travel together is written together. */
    default OutputStream output() {
        return new ChannelOutput(this);
    }
}
