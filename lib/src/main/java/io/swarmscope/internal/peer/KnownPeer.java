package io.swarmscope.internal.peer;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer in the {@link AddressBook}. Immutable, so that the book can be handed out without copying it.
 *
 * @param peer who
 * @param addresses where it may be dialed, in the order they were heard of
 * @param lastUsed when it was last connected, in milliseconds since the epoch; 0 if it never was
 */
public record KnownPeer(PeerId peer, List<KnownAddress> addresses, long lastUsed) {

    /** Copies the list. */
    public KnownPeer {
        addresses = List.copyOf(addresses);
    }

    /** Whether it was reached, or told about itself. */
    boolean tellable() {
        for (KnownAddress known : addresses) {
            if (known.tellable()) {
                return true;
            }
        }
        return false;
    }

    @Nullable KnownAddress find(Multiaddr address) {
        for (KnownAddress known : addresses) {
            if (known.address().equals(address)) {
                return known;
            }
        }
        return null;
    }

    /** The same with one address changed. */
    KnownPeer with(KnownAddress changed) {
        List<KnownAddress> all = new ArrayList<>(addresses.size());
        for (KnownAddress known : addresses) {
            all.add(known.address().equals(changed.address()) ? changed : known);
        }
        return new KnownPeer(peer, all, lastUsed);
    }

    KnownPeer without(KnownAddress gone) {
        List<KnownAddress> all = new ArrayList<>(addresses);
        all.remove(gone);
        return new KnownPeer(peer, all, lastUsed);
    }

    KnownPeer usedAt(long millis) {
        return new KnownPeer(peer, addresses, millis);
    }
}
