package io.swarmscope.internal.peer;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** Failures in a row after which an address that never worked is forgotten. */
    private static final int FAILURES_MAX = 3;

    private static final class Tried {
        boolean claimed;
        boolean worked;
        int failures;
    }

    private final LinkedHashMap<PeerId, Map<Multiaddr, Tried>> peers = new LinkedHashMap<>(16, 0.75f, true);

    /** Remembers addresses a peer named for itself, which therefore may be told to others. */
    public void claimed(PeerId peer, List<Multiaddr> addresses) {
        learn(peer, addresses);
        Map<Multiaddr, Tried> known = peers.getOrDefault(peer, Map.of());
        for (Multiaddr address : addresses) {
            Tried tried = known.get(address.withoutPeerId());
            if (tried != null) {
                tried.claimed = true;
            }
        }
    }

    /** Remembers addresses somebody named for a peer. Those that cannot be dialed over TCP, and wildcards, are left out. */
    public void learn(PeerId peer, List<Multiaddr> addresses) {
        Map<Multiaddr, Tried> known = peers.computeIfAbsent(peer, p -> new LinkedHashMap<>());
        for (Multiaddr named : addresses) {
            if (isUsable(peer, named)) {
                add(known, named.withoutPeerId());
            }
        }
        if (known.isEmpty()) {
            peers.remove(peer);
        }
        while (peers.size() > PEERS_MAX) {
            peers.remove(peers.keySet().iterator().next());
        }
    }

    private static boolean isUsable(PeerId peer, Multiaddr address) {
        return address.isDialableTcp()
                && !address.isWildcard()
                && address.peerId().map(peer::equals).orElse(true);
    }

    private static void add(Map<Multiaddr, Tried> known, Multiaddr address) {
        if (known.containsKey(address)) {
            return;
        }
        if (known.size() >= ADDRESSES_PER_PEER_MAX && !dropOneThatNeverWorked(known)) {
            return;
        }
        known.put(address, new Tried());
    }

    private static boolean dropOneThatNeverWorked(Map<Multiaddr, Tried> known) {
        for (Map.Entry<Multiaddr, Tried> entry : known.entrySet()) {
            if (!entry.getValue().worked && entry.getValue().failures > 0) {
                known.remove(entry.getKey());
                return true;
            }
        }
        return false;
    }

    /** The peer answered at this address. */
    public void worked(PeerId peer, Multiaddr address) {
        if (!address.isDialableTcp()) {
            return;
        }
        learn(peer, List.of(address));
        Tried tried = peers.getOrDefault(peer, Map.of()).get(address.withoutPeerId());
        if (tried != null) {
            tried.worked = true;
            tried.failures = 0;
        }
    }

    /** The peer could not be reached at this address, or somebody else answered there. */
    public void failed(PeerId peer, Multiaddr address) {
        Map<Multiaddr, Tried> known = peers.getOrDefault(peer, Map.of());
        Tried tried = known.get(address.withoutPeerId());
        if (tried == null) {
            return;
        }
        tried.failures++;
        if (!tried.worked && tried.failures >= FAILURES_MAX) {
            known.remove(address.withoutPeerId());
        }
    }

    /** Where to dial the peer, most promising first: those that worked, then those that failed least. */
    public List<Multiaddr> addresses(PeerId peer) {
        Map<Multiaddr, Tried> known = peers.get(peer);
        if (known == null) {
            return List.of();
        }
        List<Map.Entry<Multiaddr, Tried>> entries = new ArrayList<>(known.entrySet());
        entries.sort(Comparator.comparing((Map.Entry<Multiaddr, Tried> e) -> !e.getValue().worked)
                .thenComparingInt(e -> e.getValue().failures));
        return entries.stream().map(Map.Entry::getKey).toList();
    }

    /** Where the peer was reached, or said itself that it can be: what may be told to others. */
    public List<Multiaddr> tellable(PeerId peer) {
        Map<Multiaddr, Tried> known = peers.get(peer);
        if (known == null) {
            return List.of();
        }
        List<Multiaddr> list = new ArrayList<>(known.size());
        known.forEach((address, tried) -> {
            if (tried.claimed || tried.worked) {
                list.add(address);
            }
        });
        return list;
    }

    /** The peers that were reached, or told about themselves, last; the last one first. */
    public List<PeerId> lastOfUse(int count) {
        List<PeerId> last = new ArrayList<>(count);
        for (Map.Entry<PeerId, Map<Multiaddr, Tried>> entry : peers.sequencedEntrySet().reversed()) {
            if (last.size() >= count) {
                break;
            }
            if (entry.getValue().values().stream().anyMatch(tried -> tried.worked || tried.claimed)) {
                last.add(entry.getKey());
            }
        }
        return last;
    }

    /** How many peers are remembered. */
    public int size() {
        return peers.size();
    }
}
