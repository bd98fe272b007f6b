package io.swarmscope.internal.link.identify;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One host's identify: tells peers about this host, and makes the {@link IdentifiedPeer} that remembers what a peer told. Safe for
 * any thread.
 *
 * @see <a href="https://github.com/libp2p/specs/tree/master/identify">identify specification</a>
 */
public final class Identify {
    /** The protocol id of the question. */
    public static final String PROTOCOL = "/ipfs/id/1.0.0";

    /** The protocol id of news that nobody asked for. */
    public static final String PUSH = "/ipfs/id/push/1.0.0";

    private final SelfDescription description;

    /** What changes about this host; called by any thread. */
    public interface Self {
        /** Where it listens. */
        List<Multiaddr> addresses();

        /** What it answers, most needed first. */
        List<String> protocols();
    }

    /** An identify that tells what it is given here. */
    public Identify(Identity identity, String agentVersion, Self self) {
        description = new SelfDescription(identity, agentVersion, self);
    }

    /** To be called after an address or protocol came or went, before anybody is told. */
    public void changed() {
        description.changed();
    }

    /**
     * Answers the question on one stream. The end follows the message at once: go opens no stream before it has seen it.
     *
     * @param observed the peer's address as the socket shows it
     */
    public void respond(Stream stream, Multiaddr observed) throws IOException {
        stream.finish(description.frameFor(observed));
    }

    /**
     * Reads all that the peer tells on one stream. A peer that breaks off after a whole message has told that much.
     *
     * @throws MalformedException if it is more than the limits allow, or not protobuf
     */
    static IdentifyMessage readAll(InputStream in) throws IOException {
        IdentifyMessage told = IdentifyMessage.EMPTY;
        int total = 0;
        for (int count = 0; ; count++) {
            byte[] message = next(in, count > 0);
            if (message == null && count == 0) {
                throw new HostException(Kind.STREAM_RESET, "peer tells nothing about itself");
            }
            if (message == null) {
                return told;
            }
            total += message.length;
            if (count == Limits.IDENTIFY_MESSAGES || total > Limits.IDENTIFY_BYTES_TOTAL) {
                throw new MalformedException("identify goes on after " + count + " messages, " + total + " bytes");
            }
            told = told.with(message);
        }
    }

    private static byte @Nullable [] next(InputStream in, boolean more) throws IOException {
        try {
            return Frames.readOrEnd(in, Limits.IDENTIFY_BYTES);
        } catch (HostException e) {
            // Old js nodes do not close, nabu resets; the thread's interrupt, though, is not the peer's doing.
            if (more && (e.kind() == Kind.STREAM_RESET || e.kind() == Kind.TIMED_OUT)) {
                return null;
            }
            throw e;
        }
    }
}
