package io.swarmscope.internal.kad;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Fuzzed;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer sends over the protocol of the DHT. */
class KadFuzzTest {
    private static final PeerId PEER = Fixtures.peer(new SplittableRandom(4));
    private static final Bytes KEY = Bytes.of("/n/key".getBytes(StandardCharsets.UTF_8));
    private static final KadRecord RECORD = new KadRecord(KEY, KEY, Instant.parse("2026-11-26T12:00:00.5Z"), PEER, 3600, false);
    private static final PeerInfo INFO = new PeerInfo(
            PEER,
            List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001"), Multiaddr.parse("/dns4/example.org/udp/1/quic-v1")),
            ConnectionType.CONNECTED);

    static Stream<byte[]> requests() {
        ProtoWriter oddTime = new ProtoWriter().bytes(1, KEY.array()).string(5, "+999999999-12-31T23:59:59.999999999-18:00");
        ProtoWriter otherKey = new ProtoWriter().bytes(2, new byte[] {1}).message(3, new ProtoWriter().bytes(1, KEY.array()));
        return Stream.of(
                MessageCodec.encode(new Request.FindNode(KEY)),
                MessageCodec.encode(new Request.GetValue(KEY)),
                MessageCodec.encode(new Request.GetProviders(KEY)),
                MessageCodec.encode(new Request.PutValue(RECORD)),
                MessageCodec.encode(new Request.AddProvider(KEY, List.of(INFO))),
                MessageCodec.encode(new Request.Ping()),
                new ProtoWriter().message(3, oddTime).toBytes(),
                otherKey.toBytes());
    }

    @MethodSource("requests")
    @FuzzTest
    void kadRequest(byte[] bytes) {
        Fuzzed.decoded(bytes, MessageCodec::decodeRequest).ifPresent(request -> {
            if (request instanceof Request.AddProvider) {
                settles(request, MessageCodec::decodeRequest);
            } else {
                Fuzzed.roundTrip(request, MessageCodec::encode, MessageCodec::decodeRequest);
            }
        });
    }

    static Stream<byte[]> answers() {
        ProtoWriter crowded = new ProtoWriter().bytes(1, PEER.toBytes());
        Collections.nCopies(20, new byte[] {4, 127, 0, 0, 1, 6, 0, 1}).forEach(address -> crowded.bytes(2, address));
        ProtoWriter crowd = new ProtoWriter().varint(1, 4);
        Collections.nCopies(3, crowded).forEach(peer -> crowd.message(8, peer));
        return Stream.of(
                MessageCodec.encode(new Answer.Nodes(List.of(INFO, INFO))),
                MessageCodec.encode(new Answer.Value(RECORD, List.of(INFO))),
                MessageCodec.encode(new Answer.Value(null, List.of())),
                MessageCodec.encode(new Answer.Stored(RECORD)),
                MessageCodec.encode(new Answer.Providers(List.of(INFO), List.of(INFO))),
                MessageCodec.encode(new Answer.Pong()),
                crowd.toBytes());
    }

    @MethodSource("answers")
    @FuzzTest
    void kadAnswer(byte[] bytes) {
        Fuzzed.decoded(bytes, MessageCodec::decodeAnswer).ifPresent(answer -> {
            settles(answer, MessageCodec::decodeAnswer);
            assertThat(answer.closer().size()).isLessThanOrEqualTo(Limits.KAD_PEERS_PER_ANSWER);
            answer.closer().forEach(peer -> assertThat(peer.addresses().size()).isLessThanOrEqualTo(Limits.KAD_ADDRESSES_PER_PEER));
        });
    }

    /** Writing leaves out surplus addresses and peers and puts the best first; what was written once is written so again. */
    private static <M extends Message> void settles(M message, Fuzzed.Decoder<M> decoder) {
        try {
            M written = decoder.decode(MessageCodec.encode(message));
            Fuzzed.roundTrip(written, MessageCodec::encode, decoder);
        } catch (Exception e) {
            throw new AssertionError("what we wrote is refused", e);
        }
    }
}
