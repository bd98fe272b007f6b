package io.swarmscope.internal.link.identify;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.SignedEnvelope;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer's addresses, signed by itself. Immutable, for any thread.
 *
 * @param peer whose addresses
 * @param sequence rises with every record of the peer; the highest one counts
 * @param addresses where it listens; addresses that cannot be read are left out
 * @see <a href="https://github.com/libp2p/specs/blob/master/RFC/0003-routing-records.md">routing records</a>
 */
record PeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses) {
    private static final String DOMAIN = "libp2p-peer-record";
    private static final byte[] TYPE = {0x03, 0x01};

    /** What rust-libp2p signs records for by default. */
    private static final String RUST_DOMAIN = "libp2p-routing-state";

    private static final byte[] RUST_TYPE = "/libp2p/routing-state-record".getBytes(StandardCharsets.US_ASCII);

    private static final int PEER_ID = 1;
    private static final int SEQUENCE = 2;
    private static final int ADDRESS = 3;
    private static final int ADDRESS_MULTIADDR = 1;

    PeerRecord {
        addresses = List.copyOf(addresses);
    }

    /** The record in an envelope, in the form that go and js use. */
    byte[] sealed(Identity identity) {
        ProtoWriter out = new ProtoWriter().bytes(PEER_ID, peer.toBytes()).varint(SEQUENCE, sequence);
        addresses.forEach(a -> out.message(ADDRESS, new ProtoWriter().bytes(ADDRESS_MULTIADDR, a.toBytes())));
        return SignedEnvelope.seal(identity, DOMAIN, TYPE, out.toBytes()).encoded();
    }

    /**
     * Opens an envelope of either form and checks that the peer itself signed it.
     *
     * @throws MalformedException if the bytes are no such envelope, or somebody else signed it
     */
    static PeerRecord open(byte[] envelope) throws MalformedException {
        SignedEnvelope opened = open(envelope, DOMAIN, TYPE);
        if (opened == null) {
            opened = open(envelope, RUST_DOMAIN, RUST_TYPE);
        }
        if (opened == null) {
            throw new MalformedException("envelope holds no peer record, or its signature is wrong");
        }
        PeerRecord record = decoded(opened.payload());
        if (!record.peer.equals(opened.signer())) {
            throw new MalformedException("peer record is signed by another peer");
        }
        return record;
    }

    private static @Nullable SignedEnvelope open(byte[] envelope, String domain, byte[] type) {
        try {
            SignedEnvelope opened = SignedEnvelope.open(envelope, domain);
            return Arrays.equals(opened.payloadType(), type) ? opened : null;
        } catch (MalformedException e) {
            return null;
        }
    }

    private static PeerRecord decoded(byte[] payload) throws MalformedException {
        PeerId peer = null;
        long sequence = 0;
        List<Multiaddr> addresses = new ArrayList<>();
        ProtoReader in = ProtoReader.of(payload);
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case PEER_ID -> peer = peerId(in.bytes(payload.length));
                case SEQUENCE -> sequence = in.varint();
                case ADDRESS -> {
                    Multiaddr address = address(in.message(), payload.length);
                    if (address != null && addresses.size() < Limits.IDENTIFY_ADDRESSES) {
                        addresses.add(address);
                    }
                }
                default -> in.skip();
            }
        }
        if (peer == null) {
            throw new MalformedException("peer record names no peer");
        }
        return new PeerRecord(peer, sequence, addresses);
    }

    private static PeerId peerId(byte[] bytes) throws MalformedException {
        try {
            return PeerId.ofBytes(bytes);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("peer record names a peer id that is none: " + e.getMessage(), e);
        }
    }

    private static @Nullable Multiaddr address(ProtoReader in, int max) throws MalformedException {
        Multiaddr address = null;
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == ADDRESS_MULTIADDR) {
                address = IdentifyMessage.address(in.bytes(max));
            }
        }
        return address;
    }
}
