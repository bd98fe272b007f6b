package io.swarmscope.internal.link;

import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.link.multistream.Multistream;
import java.io.IOException;
import java.util.List;

/**
 * A dialed channel whose muxer was proposed but not yet agreed on: streams are opened without waiting, and the agreement is read
 * before the first byte of an answer. Saves a round trip with peers that do not agree on the muxer during the Noise handshake.
 */
final class LazyMuxer implements SecureChannel {
    private final SecureChannel channel;
    private final String muxer;
    private final Cutoff cutoff;
    private boolean agreed;

    /**
     * Sends the proposal.
     *
     * @param cutoff closed once the peer has answered
     */
    LazyMuxer(SecureChannel channel, String muxer, Cutoff cutoff) throws IOException {
        this.channel = channel;
        this.muxer = muxer;
        this.cutoff = cutoff;
        byte[] proposal = Multistream.lazyProposal(muxer);
        channel.write(proposal, 0, proposal.length);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (!agreed) {
            agree();
        }
        return channel.read(buffer, offset, length);
    }

    private void agree() throws IOException {
        try {
            Multistream.readLazyEcho(channel.input(), muxer);
            agreed = true;
        } catch (HostException e) {
            throw new HostException(HostException.Kind.CONNECTION_CLOSED, "peer does not speak " + muxer, e);
        } catch (IOException e) {
            throw cutoff.happened()
                    ? new HostException(HostException.Kind.TIMED_OUT, "peer did not agree on " + muxer + " in time", e)
                    : e;
        } finally {
            cutoff.close();
        }
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        channel.write(buffer, offset, length);
    }

    @Override
    public PublicKey remoteKey() {
        return channel.remoteKey();
    }

    @Override
    public List<String> remoteMuxers() {
        return channel.remoteMuxers();
    }

    @Override
    public boolean earlyMuxer(String protocol) {
        return channel.earlyMuxer(protocol);
    }

    @Override
    public void close() {
        cutoff.close();
        channel.close();
    }
}
