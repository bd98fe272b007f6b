package io.swarmscope.internal.peer;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where peers may be dialed: what they and others said, and how dialing there went. Bounded in peers and in addresses per peer;
 * the peer that was not of use for longest is forgotten first. Not thread-safe: only the swarm thread runs it.
 *
 * <p>Every address is a hint until a peer with the expected id answered there.
 */
public final class AddressBook {

    /** Peers remembered. At some 400 bytes each that is 4 MB; a routing table holds a few hundred of them. */
    static final int PEERS_MAX = 10_000;

    /** Addresses kept for one peer. More than a machine has interfaces; the rest is somebody filling our memory. */
    static final int ADDRESSES_PER_PEER_MAX = 16;

    /** Most promising first: those that worked, then those that failed least. */
    private static final Comparator<KnownAddress> PROMISING =
            Comparator.comparing((KnownAddress known) -> !known.worked()).thenComparingInt(KnownAddress::failures);

    /** Failures in a row after which an address that never worked is forgotten. */
    private static final int FAILURES_MAX = 3;

    /** In order of use: the peer not heard of for longest first. */
    private final LinkedHashMap<PeerId, KnownPeer> peers = new LinkedHashMap<>();

    /** Remembers addresses a peer named for itself, which therefore may be told to others. */
    public void claimed(PeerId peer, List<Multiaddr> addresses) {
        learn(peer, addresses);
        for (Multiaddr address : addresses) {
            KnownPeer known = peers.get(peer);
            KnownAddress tried = known == null ? null : known.find(address.withoutPeerId());
            if (known != null && tried != null) {
                peers.put(peer, known.with(tried.asClaimed()));
            }
        }
    }

    /** Remembers addresses somebody named for a peer. Those that cannot be dialed over TCP, and wildcards, are left out. */
    public void learn(PeerId peer, List<Multiaddr> addresses) {
        KnownPeer known = peers.get(peer);
        List<KnownAddress> all = known == null ? new ArrayList<>() : new ArrayList<>(known.addresses());
        for (Multiaddr named : addresses) {
            if (isUsable(peer, named)) {
                add(all, new KnownAddress(named.withoutPeerId()));
            }
        }
        if (!all.isEmpty()) {
            peers.putLast(peer, new KnownPeer(peer, all, known == null ? 0 : known.lastUsed()));
        }
        while (peers.size() > PEERS_MAX) {
            peers.pollFirstEntry();
        }
    }

    private static boolean isUsable(PeerId peer, Multiaddr address) {
        return address.isDialableTcp()
                && !address.isWildcard()
                && address.peerId().map(peer::equals).orElse(true);
    }

    private static void add(List<KnownAddress> known, KnownAddress named) {
        if (known.stream().anyMatch(one -> one.address().equals(named.address()))) {
            return;
        }
        if (known.size() < ADDRESSES_PER_PEER_MAX || dropOneThatNeverWorked(known)) {
            known.add(named);
        }
    }

    private static boolean dropOneThatNeverWorked(List<KnownAddress> known) {
        for (KnownAddress one : known) {
            if (!one.worked() && one.failures() > 0) {
                return known.remove(one);
            }
        }
        return false;
    }

    /** The peer answered at this address. */
    public void worked(PeerId peer, Multiaddr address) {
        learn(peer, List.of(address));
        KnownPeer known = peers.get(peer);
        KnownAddress tried = known == null ? null : known.find(address.withoutPeerId());
        if (known != null && tried != null) {
            peers.put(peer, known.with(tried.asWorked()));
        }
    }

    /** The peer is, or until now was, connected: it is the one last used. */
    public void used(PeerId peer, Instant now) {
        KnownPeer known = peers.get(peer);
        if (known != null) {
            peers.putLast(peer, known.usedAt(now.toEpochMilli()));
        }
    }

    /** The peer could not be reached at this address, or somebody else answered there. */
    public void failed(PeerId peer, Multiaddr address) {
        KnownPeer known = peers.get(peer);
        KnownAddress tried = known == null ? null : known.find(address.withoutPeerId());
        if (known == null || tried == null) {
            return;
        }
        KnownAddress failed = tried.asFailed();
        boolean hopeless = !failed.worked() && failed.failures() >= FAILURES_MAX;
        KnownPeer left = hopeless ? known.without(tried) : known.with(failed);
        if (left.addresses().isEmpty()) {
            peers.remove(peer);
        } else {
            peers.put(peer, left);
        }
    }

    /** Where to dial the peer, most promising first: those that worked, then those that failed least. */
    public List<Multiaddr> addresses(PeerId peer) {
        return addressesOf(peers.get(peer), known -> true, PROMISING);
    }

    /** Where the peer was reached, or said itself that it can be: what may be told to others. */
    public List<Multiaddr> tellable(PeerId peer) {
        return addressesOf(peers.get(peer), KnownAddress::tellable, null);
    }

    private static List<Multiaddr> addressesOf(
            @Nullable KnownPeer peer, Predicate<KnownAddress> which, @Nullable Comparator<KnownAddress> order) {
        List<KnownAddress> known = new ArrayList<>(peer == null ? List.of() : peer.addresses());
        known.removeIf(which.negate());
        if (order != null) {
            known.sort(order);
        }
        return known.stream().map(KnownAddress::address).toList();
    }

    /** Up to so many of the peers that were reached, or told about themselves; the one used last first. */
    public List<PeerId> lastOfUse(int count, Predicate<PeerId> which) {
        List<PeerId> last = new ArrayList<>(count);
        for (KnownPeer known : peers.sequencedValues().reversed()) {
            if (last.size() >= count) {
                break;
            }
            if (known.tellable() && which.test(known.peer())) {
                last.add(known.peer());
            }
        }
        return last;
    }

    /** All that is known, the peer last used last. Cheap: 10,000 references are copied. */
    public List<KnownPeer> snapshot() {
        return new ArrayList<>(peers.values());
    }

    /**
     * Takes back what was known before, as if it had been learned in the order of last use. What the book would not have taken then is left
     * out.
     */
    public void restore(List<KnownPeer> before) {
        List<KnownPeer> inOrder = new ArrayList<>(before);
        inOrder.sort(Comparator.comparingLong(KnownPeer::lastUsed));
        for (KnownPeer known : inOrder) {
            List<KnownAddress> all = new ArrayList<>();
            for (KnownAddress address : known.addresses()) {
                if (isUsable(known.peer(), address.address())) {
                    add(all, new KnownAddress(
                            address.address().withoutPeerId(),
                            address.claimed(),
                            address.worked(),
                            Math.max(0, address.failures())));
                }
            }
            if (!all.isEmpty()) {
                peers.putLast(known.peer(), new KnownPeer(known.peer(), all, Math.max(0, known.lastUsed())));
            }
        }
        while (peers.size() > PEERS_MAX) {
            peers.pollFirstEntry();
        }
    }

    /** How many peers are remembered. */
    public int size() {
        return peers.size();
    }
}
