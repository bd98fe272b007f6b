package io.swarmscope.internal.link.identify;

import io.swarmscope.Multiaddr;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What this host tells every peer of itself: one message that the strictest reader takes. Safe for any thread; signed and
 * encoded once for each change.
 */
final class SelfDescription {
    /** Told as the version of the protocol family; nobody decides by it. */
    private static final String PROTOCOL_VERSION = "ipfs/0.1.0";

    private final Identity identity;
    private final String agentVersion;
    private final Identify.Self self;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable Cached cached;

    /** Guarded by lock. */
    private long sequence;

    /** Peers on this machine are told loopback addresses; others could not use them. */
    private record Cached(IdentifyMessage forLoopback, IdentifyMessage forOthers) {}

    SelfDescription(Identity identity, String agentVersion, Identify.Self self) {
        this.identity = identity;
        this.agentVersion = agentVersion;
        this.self = self;
    }

    /** To be called after an address or protocol came or went. */
    void changed() {
        cached = null;
    }

    /** The message for a peer seen at the address, ready to be sent. */
    byte[] frameFor(Multiaddr observed) {
        Cached now = cached;
        if (now == null) {
            now = describe();
        }
        IdentifyMessage base = observed.isLoopback() ? now.forLoopback : now.forOthers;
        return Frames.prefixed(new IdentifyMessage(
                        base.publicKey(),
                        base.listenAddresses(),
                        base.protocols(),
                        observed,
                        base.protocolVersion(),
                        base.agentVersion(),
                        base.signedPeerRecord())
                .encoded());
    }

    private Cached describe() {
        lock.lock();
        try {
            List<Multiaddr> all = self.addresses();
            List<Multiaddr> others = all.stream().filter(a -> !a.isLoopback()).toList();
            // Rises with every record also over restarts, for which go takes nanoseconds too.
            sequence = Math.max(sequence + 1, System.currentTimeMillis() * 1_000_000);
            Cached fresh = new Cached(describe(all), describe(others));
            cached = fresh;
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    private IdentifyMessage describe(List<Multiaddr> addresses) {
        List<Multiaddr> told = addresses.stream().limit(Limits.IDENTIFY_ADDRESSES_OUT).toList();
        List<String> protocols = self.protocols();
        byte[] record = told.isEmpty()
                ? null
                : new PeerRecord(identity.peerId(), sequence, told).sealed(identity);
        // What is least needed goes first if the message is too long: the record repeats the addresses, and nobody can do
        // without the protocols.
        IdentifyMessage message = message(told, protocols, record);
        if (!fits(message)) {
            message = message(told, protocols, null);
        }
        while (!fits(message) && told.size() > 1) {
            told = told.subList(0, told.size() / 2);
            message = message(told, protocols, null);
        }
        while (!fits(message)) {
            protocols = new ArrayList<>(protocols.subList(0, protocols.size() - 1));
            message = message(told, protocols, null);
        }
        return message;
    }

    private IdentifyMessage message(List<Multiaddr> addresses, List<String> protocols, byte @Nullable [] record) {
        return new IdentifyMessage(
                identity.publicKey().toProtobuf(), addresses, protocols, null, PROTOCOL_VERSION, agentVersion, record);
    }

    private static boolean fits(IdentifyMessage message) {
        return message.encoded().length + Limits.OBSERVED_ADDRESS_BYTES <= Limits.IDENTIFY_BYTES_OUT;
    }
}
