package io.swarmscope.internal.link.identify;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.Multiaddr;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.Keys;
import io.swarmscope.internal.crypto.SignedEnvelope;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Fuzzed;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer tells about itself. */
class IdentifyFuzzTest {
    private static final Identity SOMEONE = Keys.ed25519();
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    private static final PeerRecord RECORD = new PeerRecord(SOMEONE.peerId(), 7, List.of(ADDRESS));
    private static final byte[] SEALED = RECORD.sealed(SOMEONE);

    static Stream<byte[]> messages() {
        IdentifyMessage full = new IdentifyMessage(
                Keys.message("ed25519-public"), List.of(ADDRESS), List.of("/a", "/b"), ADDRESS, "ipfs/0.1.0", "agent/1", SEALED);
        ProtoWriter crowd = new ProtoWriter();
        Collections.nCopies(5, "/p").forEach(protocol -> crowd.string(3, protocol).bytes(2, new byte[] {4}));
        return Stream.of(
                full.encoded(), crowd.toBytes(), new ProtoWriter().string(6, "\u0000\u202e\ud83d\ude00".repeat(60)).toBytes(), new byte[0]);
    }

    @MethodSource("messages")
    @FuzzTest
    void identifyMessage(byte[] bytes) {
        Fuzzed.decoded(bytes, IdentifyMessage.EMPTY::with).ifPresent(message -> {
            Fuzzed.roundTripOfBytes(message, IdentifyMessage::encoded, IdentifyMessage.EMPTY::with);
            requireBounded(message);
        });
    }

    private static void requireBounded(IdentifyMessage message) {
        assertThat(message.listenAddresses().size()).isLessThanOrEqualTo(Limits.IDENTIFY_ADDRESSES);
        assertThat(message.protocols().size()).isLessThanOrEqualTo(Limits.IDENTIFY_PROTOCOLS);
        for (String informative : Arrays.asList(message.agentVersion(), message.protocolVersion())) {
            if (informative != null) {
                assertThat(informative.length()).isLessThanOrEqualTo(Limits.AGENT_VERSION_CHARS);
                assertThat(informative.chars().filter(Character::isISOControl)).isEmpty();
            }
        }
    }

    static Stream<byte[]> streams() {
        ByteArrayOutputStream twenty = new ByteArrayOutputStream();
        for (int i = 0; i < 20; i++) {
            twenty.writeBytes(Frames.prefixed(new ProtoWriter().string(3, "/p" + i).toBytes()));
        }
        return Stream.concat(messages().map(Frames::prefixed), Stream.of(twenty.toByteArray(), new byte[] {5, 1}, new byte[0]));
    }

    @MethodSource("streams")
    @FuzzTest
    void identifyStream(byte[] bytes) {
        Fuzzed.decoded(bytes, all -> Identify.readAll(new ByteArrayInputStream(all))).ifPresent(IdentifyFuzzTest::requireBounded);
    }

    static Stream<byte[]> records() {
        ProtoWriter other = new ProtoWriter().bytes(1, new byte[] {0, 1, 1}).varint(2, -1).message(3, new ProtoWriter().bytes(1, new byte[] {4}));
        ProtoWriter twice = new ProtoWriter().bytes(1, SOMEONE.peerId().toBytes()).message(3, new ProtoWriter()).message(3, new ProtoWriter());
        return Stream.of(SEALED, other.toBytes(), twice.toBytes());
    }

    /** The bytes as an envelope from outside, and as what the peer itself puts into one. */
    @MethodSource("records")
    @FuzzTest
    void peerRecord(byte[] bytes) {
        Fuzzed.decoded(bytes, PeerRecord::open).ifPresent(record -> assertThat(record).isEqualTo(RECORD));
        if (bytes.length < Limits.ENVELOPE_BYTES / 2) {
            byte[] sealed = SignedEnvelope.seal(SOMEONE, "libp2p-peer-record", new byte[] {3, 1}, bytes).encoded();
            Fuzzed.decoded(sealed, PeerRecord::open).ifPresent(record -> {
                Fuzzed.roundTrip(record, written -> written.sealed(SOMEONE), PeerRecord::open);
                assertThat(record.peer()).isEqualTo(SOMEONE.peerId());
                assertThat(record.addresses().size()).isLessThanOrEqualTo(Limits.IDENTIFY_ADDRESSES);
            });
        }
    }
}
