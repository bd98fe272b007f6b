package io.swarmscope.internal.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.gossip.Rpc.Control;
import io.swarmscope.internal.gossip.Rpc.Ihave;
import io.swarmscope.internal.gossip.Rpc.Prune;
import io.swarmscope.internal.gossip.Rpc.Subscription;
import io.swarmscope.internal.wire.Fuzzed;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer sends over a stream of gossip. */
class GossipFuzzTest {
    private static final Identity AUTHOR = Sim.identity(new Random(1));
    private static final Message SIGNED = new Signing(AUTHOR, () -> 1).sign("topic", new byte[] {1, 2, 3});
    private static final MessageId ID = MessageId.of(new byte[] {7, 7});

    private static byte[] frame(Message... messages) {
        return RpcCodec.encode(new Rpc(List.of(), List.of(messages), Control.EMPTY));
    }

    static Stream<byte[]> frames() {
        Control control = new Control(
                List.of(new Ihave("topic", List.of(ID, ID))), List.of(ID), List.of("topic"), List.of(new Prune("topic", 60)), List.of(ID));
        ProtoWriter crowd = new ProtoWriter();
        Collections.nCopies(40, new ProtoWriter()).forEach(empty -> crowd.message(1, empty).message(2, empty).message(3, empty));
        ProtoWriter forever = new ProtoWriter().message(3, new ProtoWriter().message(4, new ProtoWriter().varint(3, -1)));
        return Stream.of(
                RpcCodec.encode(new Rpc(List.of(new Subscription("topic", true), new Subscription("", false)), List.of(SIGNED), control)),
                crowd.toBytes(),
                forever.toBytes());
    }

    @MethodSource("frames")
    @FuzzTest
    void gossipFrame(byte[] bytes) {
        Fuzzed.decoded(bytes, RpcCodec::decode).ifPresent(rpc -> {
            Fuzzed.roundTripOfBytes(rpc, RpcCodec::encode, RpcCodec::decode);
            assertThat(rpc.subscriptions().size()).isLessThanOrEqualTo(Limits.GOSSIP_TOPICS_PER_PEER);
            assertThat(rpc.messages().size()).isLessThanOrEqualTo(Limits.GOSSIP_MESSAGES_PER_RPC);
            rpc.control().prune().forEach(prune -> assertThat(prune.backoffSeconds()).isNotNegative());
        });
    }

    static Stream<byte[]> messages() {
        Message unsigned = Message.unsigned(SIGNED.from(), SIGNED.data(), SIGNED.seqno(), "topic");
        return Stream.of(
                frame(SIGNED, SIGNED),
                frame(unsigned),
                frame(unsigned.signed(SIGNED.signature(), new byte[0])),
                frame(unsigned.signed(new byte[64], SIGNED.key())),
                frame(Message.unsigned(SIGNED.from(), new byte[1], SIGNED.seqno(), "topic").signed(SIGNED.signature(), SIGNED.key())),
                frame(Message.unsigned(new byte[] {0, 1}, new byte[0], new byte[7], "topic").signed(new byte[1], new byte[1])));
    }

    /** Whoever cannot sign for an author gets no message past the check but one that was signed. */
    @MethodSource("messages")
    @FuzzTest
    void gossipIntake(byte[] bytes) {
        for (MessageIds ids : List.of(MessageIds.GO, MessageIds.RUST, MessageIds.JS)) {
            Intake intake = new Intake(GossipConfig.DEFAULT.withIds(ids), "topic"::equals, (from, author, message) -> Verdict.ACCEPT);
            Fuzzed.decoded(bytes, RpcCodec::decode).ifPresent(rpc -> {
                for (Arrival arrival : intake.check(AUTHOR.peerId(), rpc, (topic, id, size) -> {})) {
                    if (arrival instanceof Arrival.Fresh fresh) {
                        assertThat(fresh.author()).isEqualTo(AUTHOR.peerId());
                        assertThat(fresh.message().encodedUnsigned()).isEqualTo(SIGNED.encodedUnsigned());
                    }
                }
            });
        }
    }
}
