package io.swarmscope.internal.link.identify;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Identified;
import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.wire.MalformedException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one connection's peer has told so far, from its answer and its pushes. Not thread-safe: its connection's lock guards
 * it.
 */
final class IdentifyState {
    private final PeerId peer;
    private Identified known = Identified.NOTHING;
    private boolean answered;

    /** What was pushed before the answer came; the answer may be older, so it does not replace this. */
    private @Nullable IdentifyMessage early;

    private @Nullable Long sequence;

    IdentifyState(PeerId peer) {
        this.peer = peer;
    }

    /**
     * Takes the answer to our question.
     *
     * @throws MalformedException if the message is about another peer; nothing changes then
     */
    Identified answered(IdentifyMessage message) throws MalformedException {
        requireOwnKey(message);
        known = merged(Identified.NOTHING, message);
        answered = true;
        if (early != null) {
            known = merged(known, early);
            early = null;
        }
        return known;
    }

    /**
     * Takes a push: what it does not mention stays as it was.
     *
     * @throws MalformedException if the message is about another peer; nothing changes then
     */
    Identified pushed(IdentifyMessage message) throws MalformedException {
        requireOwnKey(message);
        if (!answered) {
            early = message;
        }
        known = merged(known, message);
        return known;
    }

    private void requireOwnKey(IdentifyMessage message) throws MalformedException {
        byte[] key = message.publicKey();
        if (key != null && !PublicKey.ofProtobuf(key).peerId().equals(peer)) {
            throw new MalformedException("identify with the public key of another peer");
        }
    }

    private Identified merged(Identified before, IdentifyMessage message) {
        Optional<List<Multiaddr>> certified = certified(message);
        List<Multiaddr> addresses = certified.orElseGet(() -> own(message.listenAddresses()));
        return new Identified(
                or(message.agentVersion(), before.agentVersion()),
                or(message.protocolVersion(), before.protocolVersion()),
                message.protocols().isEmpty() ? before.protocols() : Set.copyOf(message.protocols()),
                addresses.isEmpty() ? before.listenAddresses() : addresses,
                message.observedAddress() == null ? before.observedAddress() : message.observedAddress());
    }

    /** The addresses of a valid record that is not older than the last one; a bad record is ignored, as go and rust do. */
    private Optional<List<Multiaddr>> certified(IdentifyMessage message) {
        byte[] envelope = message.signedPeerRecord();
        if (envelope == null) {
            return Optional.empty();
        }
        try {
            PeerRecord record = PeerRecord.open(envelope);
            if (!record.peer().equals(peer)
                    || (sequence != null && Long.compareUnsigned(record.sequence(), sequence) < 0)) {
                return Optional.empty();
            }
            sequence = record.sequence();
            return Optional.of(own(record.addresses()));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** Those that lead to a machine, without the peer's own suffix, and none with the suffix of somebody else. */
    private List<Multiaddr> own(Collection<Multiaddr> addresses) {
        Set<Multiaddr> own = new LinkedHashSet<>();
        for (Multiaddr address : addresses) {
            boolean nobodyElses = address.peerId().map(peer::equals).orElse(true);
            if (nobodyElses && address.host().isPresent()) {
                own.add(address.withoutPeerId());
            }
        }
        return List.copyOf(own);
    }

    private static String or(@Nullable String said, String before) {
        return said == null ? before : said;
    }
}
