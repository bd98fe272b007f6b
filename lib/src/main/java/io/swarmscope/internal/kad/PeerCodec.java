package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The peers within a Kademlia message. Stateless; any thread. */
final class PeerCodec {

    private static final int ID = 1;
    private static final int ADDRESSES = 2;
    private static final int CONNECTION = 3;

    /** Tag and length of a peer in the message around it. */
    private static final int FRAME_BYTES = 4;

    private PeerCodec() {}

    /**
     * Writes peers as long as they fit within a budget of bytes: with fewer addresses each if need be, the first list before the second,
     * each list from its beginning.
     */
    static void write(
            ProtoWriter out, int firstField, List<PeerInfo> first, int secondField, List<PeerInfo> second, int budget) {
        int addresses = Limits.KAD_ADDRESSES_PER_PEER_OUT;
        List<byte[]> firstBytes = encode(first, addresses);
        List<byte[]> secondBytes = encode(second, addresses);
        while (addresses > 1 && size(firstBytes) + size(secondBytes) > budget) {
            addresses /= 2;
            firstBytes = encode(first, addresses);
            secondBytes = encode(second, addresses);
        }
        int left = write(out, firstField, firstBytes, budget);
        write(out, secondField, secondBytes, left);
    }

    private static int write(ProtoWriter out, int field, List<byte[]> peers, int budget) {
        int left = budget;
        for (byte[] peer : peers) {
            left -= peer.length + FRAME_BYTES;
            if (left < 0) {
                return 0;
            }
            out.bytes(field, peer);
        }
        return left;
    }

    private static List<byte[]> encode(List<PeerInfo> peers, int addresses) {
        List<byte[]> encoded = new ArrayList<>(peers.size());
        for (PeerInfo peer : peers) {
            encoded.add(addresses == Limits.KAD_ADDRESSES_PER_PEER_OUT ? peer.encoded(PeerCodec::encode) : encode(peer, addresses));
        }
        return encoded;
    }

    private static byte[] encode(PeerInfo peer) {
        return encode(peer, Limits.KAD_ADDRESSES_PER_PEER_OUT);
    }

    private static byte[] encode(PeerInfo peer, int addresses) {
        ProtoWriter out = new ProtoWriter().bytes(ID, peer.id().toBytes());
        // Everybody dials TCP; relays, certificate hashes and the like are long and go first where room is short
        int left = writeAddresses(out, peer.addresses(), true, addresses);
        writeAddresses(out, peer.addresses(), false, left);
        if (peer.connection() != ConnectionType.NOT_CONNECTED) {
            out.varint(CONNECTION, peer.connection().wireValue());
        }
        return out.toBytes();
    }

    private static int writeAddresses(ProtoWriter out, List<Multiaddr> addresses, boolean tcp, int most) {
        int left = most;
        for (int i = 0; i < addresses.size() && left > 0; i++) {
            if (addresses.get(i).isDialableTcp() == tcp) {
                out.bytes(ADDRESSES, addresses.get(i).toBytes());
                left--;
            }
        }
        return left;
    }

    private static int size(List<byte[]> peers) {
        int size = 0;
        for (byte[] peer : peers) {
            size += peer.length + FRAME_BYTES;
        }
        return size;
    }

    /** Adds the peer that the current field holds, unless the peer's id is none or the list is full; how many were too many. */
    static int readInto(List<PeerInfo> peers, ProtoReader in) throws MalformedException {
        if (peers.size() == Limits.KAD_PEERS_PER_ANSWER) {
            in.skip();
            return 1;
        }
        Bytes bytes = Bytes.of(in.bytes(Limits.KAD_ANSWER_BYTES));
        PeerInfo peer = PeerMemo.get(bytes);
        if (peer == null) {
            peer = read(ProtoReader.of(bytes.array()));
            if (peer == null) {
                return 0;
            }
            PeerMemo.put(bytes, peer);
        }
        peers.add(peer);
        return 0;
    }

    private static @Nullable PeerInfo read(ProtoReader in) throws MalformedException {
        PeerId id = null;
        List<Multiaddr> addresses = new ArrayList<>();
        ConnectionType connection = ConnectionType.NOT_CONNECTED;
        int seen = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case ID -> id = peer(in.bytes(Limits.KAD_KEY_BYTES));
                case CONNECTION -> connection = ConnectionType.ofWire(in.varint());
                case ADDRESSES -> {
                    if (seen++ < Limits.KAD_ADDRESSES_PER_PEER) {
                        addAddress(addresses, in);
                    }
                }
                default -> in.skip();
            }
        }
        return id == null ? null : new PeerInfo(id, addresses, connection);
    }

    /** An address with a code unknown here, or too long, costs itself and nothing else. */
    private static void addAddress(List<Multiaddr> addresses, ProtoReader in) throws MalformedException {
        byte[] bytes = in.bytes(Limits.KAD_ANSWER_BYTES);
        if (bytes.length <= Limits.MULTIADDR_BYTES) {
            try {
                addresses.add(Multiaddr.ofBytes(bytes));
            } catch (IllegalArgumentException e) {
                return; // a hint less
            }
        }
    }

    /** The peer with that id, null where the bytes are none. */
    static @Nullable PeerId peer(byte[] id) {
        try {
            return PeerId.ofBytes(id);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
