package io.swarmscope.internal.link.identify;

import io.swarmscope.Multiaddr;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One identify message as on the wire, or several merged. Immutable, for any thread; an absent field is {@code null} or an
 * empty list, which for a push means "unchanged". What it says is not checked, only bounded.
 *
 * @param publicKey the sender's key, encoded
 * @param listenAddresses where the sender says it listens; addresses that cannot be read are left out
 * @param protocols what the sender answers
 * @param observedAddress the receiver's address as the sender sees it
 * @param protocolVersion informative
 * @param agentVersion informative
 * @param signedPeerRecord a signed envelope with a peer record, encoded
 * @see <a href="https://github.com/libp2p/specs/tree/master/identify">identify specification</a>
 */
@SuppressWarnings("ArrayRecordComponent") // passed on at once, and never compared
record IdentifyMessage(
        byte @Nullable [] publicKey,
        List<Multiaddr> listenAddresses,
        List<String> protocols,
        @Nullable Multiaddr observedAddress,
        @Nullable String protocolVersion,
        @Nullable String agentVersion,
        byte @Nullable [] signedPeerRecord) {

    private static final int PUBLIC_KEY = 1;
    private static final int LISTEN_ADDRESS = 2;
    private static final int PROTOCOL = 3;
    private static final int OBSERVED_ADDRESS = 4;
    private static final int PROTOCOL_VERSION = 5;
    private static final int AGENT_VERSION = 6;
    private static final int SIGNED_PEER_RECORD = 8;

    /** Nothing said. */
    static final IdentifyMessage EMPTY = new IdentifyMessage(null, List.of(), List.of(), null, null, null, null);

    IdentifyMessage {
        listenAddresses = List.copyOf(listenAddresses);
        protocols = List.copyOf(protocols);
    }

    byte[] encoded() {
        ProtoWriter out = new ProtoWriter();
        if (publicKey != null) {
            out.bytes(PUBLIC_KEY, publicKey);
        }
        listenAddresses.forEach(a -> out.bytes(LISTEN_ADDRESS, a.toBytes()));
        protocols.forEach(p -> out.string(PROTOCOL, p));
        if (observedAddress != null) {
            out.bytes(OBSERVED_ADDRESS, observedAddress.toBytes());
        }
        if (protocolVersion != null) {
            out.string(PROTOCOL_VERSION, protocolVersion);
        }
        if (agentVersion != null) {
            out.string(AGENT_VERSION, agentVersion);
        }
        if (signedPeerRecord != null) {
            out.bytes(SIGNED_PEER_RECORD, signedPeerRecord);
        }
        return out.toBytes();
    }

    /**
     * Adds what the bytes say to what is known: lists grow up to their limits, single values are replaced.
     *
     * @param bytes one message, at most {@link Limits#IDENTIFY_BYTES}
     * @throws MalformedException if the bytes are not protobuf
     */
    IdentifyMessage with(byte[] bytes) throws MalformedException {
        byte[] key = publicKey;
        Set<Multiaddr> addresses = new LinkedHashSet<>(listenAddresses);
        Set<String> names = new LinkedHashSet<>(protocols);
        Multiaddr observed = observedAddress;
        String protocol = protocolVersion;
        String agent = agentVersion;
        byte[] signed = signedPeerRecord;
        ProtoReader in = ProtoReader.of(bytes);
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case PUBLIC_KEY -> key = in.bytes(Limits.PUBLIC_KEY_BYTES);
                case LISTEN_ADDRESS -> addUpTo(Limits.IDENTIFY_ADDRESSES, addresses, address(in.bytes(bytes.length)));
                case PROTOCOL -> addUpTo(Limits.IDENTIFY_PROTOCOLS, names, protocolId(in.string(bytes.length)));
                case OBSERVED_ADDRESS -> observed = address(in.bytes(bytes.length));
                case PROTOCOL_VERSION -> protocol = informative(in.string(bytes.length));
                case AGENT_VERSION -> agent = informative(in.string(bytes.length));
                case SIGNED_PEER_RECORD -> signed = in.bytes(bytes.length);
                default -> in.skip();
            }
        }
        return new IdentifyMessage(key, new ArrayList<>(addresses), new ArrayList<>(names), observed, protocol, agent, signed);
    }

    private static <T> void addUpTo(int limit, Set<T> set, @Nullable T value) {
        if (value != null && set.size() < limit) {
            set.add(value);
        }
    }

    /** {@code null} for one we cannot read or keep, because peers speak of transports we never heard of. */
    static @Nullable Multiaddr address(byte[] bytes) {
        if (bytes.length > Limits.IDENTIFY_ADDRESS_BYTES) {
            return null;
        }
        try {
            return Multiaddr.ofBytes(bytes);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String protocolId(String text) {
        // Shorter in characters than in bytes: whoever sends more than 140 bytes of ASCII sends nothing we could ask for.
        return text.length() <= Limits.PROTOCOL_ID_BYTES ? text : null;
    }

    /** Cut, and without characters that would confuse a log or a terminal. */
    private static String informative(String text) {
        String cut = text.length() <= Limits.AGENT_VERSION_CHARS
                ? text
                : text.substring(0, Limits.AGENT_VERSION_CHARS);
        return cut.codePoints().anyMatch(c -> !isPrintable(c))
                ? cut.codePoints()
                        .map(c -> isPrintable(c) ? c : '?')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : cut;
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED, Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}
