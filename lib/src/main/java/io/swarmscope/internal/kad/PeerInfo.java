package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A peer as another peer described it. The addresses are hints until somebody dialed them and met that peer. Immutable; any thread.
 *
 * <p>It carries the peer's point, so that whoever reads a message from the network hashes the ids in it, and the thread that owns the DHT
 * need not.
 */
public final class PeerInfo {

    private final PeerId id;
    private final Key key;
    private final List<Multiaddr> addresses;
    private final ConnectionType connection;

    /** How it is written into messages, once it was: the same peers are in many answers. */
    private @Nullable Bytes encoded;

    /**
     * What is known of a peer.
     *
     * @param addresses where it may be reached, best first; empty when none is known; copied
     * @param connection what the sender says of its connection to the peer
     */
    public PeerInfo(PeerId id, List<Multiaddr> addresses, ConnectionType connection) {
        this(id, Key.of(id), addresses, connection);
    }

    /** A peer nothing is said about but its addresses. */
    public PeerInfo(PeerId id, List<Multiaddr> addresses) {
        this(id, addresses, ConnectionType.NOT_CONNECTED);
    }

    /** A peer whose point is known already. */
    PeerInfo(PeerId id, Key key, List<Multiaddr> addresses, ConnectionType connection) {
        this.id = id;
        this.key = key;
        this.addresses = List.copyOf(addresses);
        this.connection = connection;
    }

    /** The peer. */
    public PeerId id() {
        return id;
    }

    /** Its point. */
    Key key() {
        return key;
    }

    /** Where it may be reached, best first; empty when the sender knows nothing. */
    public List<Multiaddr> addresses() {
        return addresses;
    }

    /**
     * How it is written into messages, not to be changed.
     *
     * @param writing works that out, from nothing but this; threads that race for it find the same
     */
    byte[] encoded(Function<PeerInfo, byte[]> writing) {
        Bytes known = encoded;
        if (known == null) {
            known = Bytes.of(writing.apply(this));
            encoded = known;
        }
        return known.array();
    }

    /** What the sender says of its connection to the peer. */
    public ConnectionType connection() {
        return connection;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PeerInfo that
                && id.equals(that.id)
                && connection == that.connection
                && addresses.equals(that.addresses);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id + " " + connection + " at " + addresses;
    }
}
