package io.swarmscope.internal.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.gossip.Rpc.Control;
import io.swarmscope.internal.gossip.Rpc.Ihave;
import io.swarmscope.internal.gossip.Rpc.Prune;
import io.swarmscope.internal.gossip.Rpc.Subscription;
import io.swarmscope.internal.wire.Bases;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames, messages, ids and signatures. */
class CodecTest {

    private static final HexFormat HEX = HexFormat.of();

    private final Random random = new Random(17);
    private final Identity author = Sim.identity(random);

    @Test
    void signsAsTheOthersDo() throws Exception {
        Identity identity = Identity.ofProtobuf(HEX.parseHex("080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"));
        Message message = new Signing(identity, () -> 0)
                .sign("test", "hello".getBytes(StandardCharsets.UTF_8), 1);
        assertThat(HEX.formatHex(message.encodedUnsigned()))
                .isEqualTo("0a260024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"
                        + "120568656c6c6f1a080000000000000001220474657374");
        assertThat(HEX.formatHex(message.signature()))
                .isEqualTo("f05e62a21b5f1f89b4ab356feb34c493746a2af8ef2fa03b9fd4956fb40d3c27"
                        + "9b1eae5153c6b28dce3b2f9bed546dc1cfd5a71513af0aa38ee38d31675ac30f");
        assertThat(message.key()).isEqualTo(identity.publicKey().toProtobuf());
        Message read = RpcCodec.decode(RpcCodec.encode(new Rpc(List.of(), List.of(message), Control.EMPTY)))
                .messages()
                .getFirst();
        assertThat(Signing.verify(read)).isEqualTo(identity.peerId());
        byte[] signature = message.signature();
        assertThat(Signing.verify(Message.unsigned(
                                message.from(), message.data(), message.seqno(), message.topic())
                        .signed(signature, new byte[0])))
                .as("the key is in the peer id too")
                .isEqualTo(identity.peerId());
    }

    @Test
    void anyChangeOfASignedMessageIsSeen() {
        Message message = new Signing(author, () -> 99).sign("topic", new byte[] {1, 2, 3});
        byte[] from = message.from();
        byte[] seqno = message.seqno();
        byte[] key = message.key();
        byte[] otherKey = Sim.identity(random).publicKey().toProtobuf();
        byte[] wrong = message.signature().clone();
        wrong[7] ^= 1;
        List<Message> changed = List.of(
                new Message(from, new byte[] {1, 2, 4}, seqno, "topic", message.signature(), key),
                new Message(from, message.data(), seqno, "topix", message.signature(), key),
                new Message(from, message.data(), new byte[8], "topic", message.signature(), key),
                new Message(from, message.data(), new byte[7], "topic", message.signature(), key),
                new Message(from, message.data(), seqno, "topic", wrong, key),
                new Message(from, message.data(), seqno, "topic", new byte[0], key),
                new Message(from, message.data(), seqno, "topic", message.signature(), otherKey),
                new Message(new byte[] {0, 1}, message.data(), seqno, "topic", message.signature(), key),
                new Message(new byte[0], message.data(), seqno, "topic", message.signature(), key));
        assertThat(changed).allSatisfy(
                m -> assertThatThrownBy(() -> Signing.verify(m)).isInstanceOf(MalformedException.class));
    }

    @Test
    void sequenceNumbersAlwaysRise() {
        long[] clock = {1000};
        Signing signing = new Signing(author, () -> clock[0]);
        List<byte[]> seqnos = new ArrayList<>();
        for (long time : new long[] {1000, 1000, 900, 5000, 4000}) {
            clock[0] = time;
            seqnos.add(signing.sign("t", new byte[0]).seqno());
        }
        for (int i = 1; i < seqnos.size(); i++) {
            assertThat(Arrays.compareUnsigned(seqnos.get(i - 1), seqnos.get(i))).isNegative();
        }
    }

    @Test
    void idsAsEachImplementationMakesThem() {
        Message message = new Signing(author, () -> 0).sign("t", new byte[1], 258);
        byte[] from = author.peerId().toBytes();
        assertThat(MessageIds.GO.of(message).array()).startsWith(from).endsWith(0, 0, 1, 2).hasSize(from.length + 8);
        assertThat(new String(MessageIds.RUST.of(message).array(), StandardCharsets.US_ASCII))
                .isEqualTo(Bases.base58(from) + "258");
        assertThat(MessageIds.JS.of(message).array())
                .startsWith(author.publicKey().toProtobuf())
                .endsWith(0, 0, 1, 2)
                .hasSize(36 + 8);
    }

    private Rpc anyRpc() {
        List<Subscription> subscriptions = new ArrayList<>();
        List<Message> messages = new ArrayList<>();
        List<Ihave> ihave = new ArrayList<>();
        List<Prune> prune = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            subscriptions.add(new Subscription("/t/" + random.nextInt(), random.nextBoolean()));
            messages.add(new Signing(author, random::nextLong).sign("/ü/" + i, new byte[random.nextInt(300)]));
            ihave.add(new Ihave("/t/" + i, anyIds()));
            prune.add(new Prune("/t/" + i, random.nextInt(3600)));
        }
        return new Rpc(
                subscriptions, messages, new Control(ihave, anyIds(), List.of("/g"), prune, anyIds()));
    }

    private List<MessageId> anyIds() {
        List<MessageId> ids = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            byte[] id = new byte[random.nextInt(1, 70)];
            random.nextBytes(id);
            ids.add(MessageId.of(id));
        }
        return ids;
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        for (int i = 0; i < 200; i++) {
            Rpc rpc = anyRpc();
            Rpc read = RpcCodec.decode(RpcCodec.encode(rpc));
            assertThat(read.subscriptions()).isEqualTo(rpc.subscriptions());
            assertThat(read.control()).isEqualTo(rpc.control());
            assertThat(read.messages()).hasSameSizeAs(rpc.messages());
            for (int m = 0; m < read.messages().size(); m++) {
                assertThat(read.messages().get(m).encoded()).isEqualTo(rpc.messages().get(m).encoded());
            }
        }
    }

    @Test
    void noBytesBreakTheReader() {
        List<byte[]> written = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            written.add(RpcCodec.encode(anyRpc()));
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
            } else {
                byte[] whole = written.get(random.nextInt(written.size()));
                bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
                for (int k = random.nextInt(3); k > 0 && bytes.length > 0; k--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            try {
                RpcCodec.decode(bytes);
            } catch (MalformedException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void noMoreIsReadThanTheLimitsAllow() throws Exception {
        ProtoWriter rpc = new ProtoWriter();
        for (int i = 0; i < 600; i++) {
            rpc.message(1, new ProtoWriter().varint(1, 1).string(2, "t" + i));
            rpc.message(2, new ProtoWriter().string(4, "t"));
        }
        ProtoWriter ids = new ProtoWriter();
        for (int i = 0; i < 5000; i++) {
            ids.bytes(1, new byte[46]);
        }
        rpc.message(3, new ProtoWriter().message(2, ids).message(3, new ProtoWriter().string(1, "late")));
        Rpc read = RpcCodec.decode(rpc.toBytes());
        assertThat(read.subscriptions()).hasSize(Limits.GOSSIP_TOPICS_PER_PEER);
        assertThat(read.messages()).hasSize(Limits.GOSSIP_MESSAGES_PER_RPC);
        assertThat(read.control().iwant()).hasSizeBetween(1300, 1400);
        assertThat(read.control().graft()).isEmpty();

        ProtoWriter empty = new ProtoWriter();
        for (int i = 0; i < 100_000; i++) {
            empty.bytes(5, new byte[0]);
        }
        assertThat(RpcCodec.decode(new ProtoWriter().message(3, empty).toBytes()).control().idontwant()).isEmpty();
    }

    @Test
    void overlongRestsAreCut() throws Exception {
        for (long backoff : new long[] {3601, Long.MAX_VALUE, -1}) {
            byte[] prune = new ProtoWriter()
                    .message(3, new ProtoWriter().message(4, new ProtoWriter().string(1, "t").varint(3, backoff)))
                    .toBytes();
            assertThat(RpcCodec.decode(prune).control().prune()).containsExactly(new Prune("t", 3600));
        }
    }

    @Test
    void aForgeryDoesNotKeepOutWhatItCopies() {
        Intake intake = new Intake(GossipConfig.DEFAULT, t -> true, (from, by, m) -> Verdict.ACCEPT);
        Message real = new Signing(author, () -> 5).sign("t", new byte[2000]);
        byte[] other = new byte[2000];
        other[0] = 1;
        Message forged = new Message(real.from(), other, real.seqno(), "t", real.signature(), real.key());
        List<MessageId> arriving = new ArrayList<>();
        List<Arrival> arrivals = intake.check(
                author.peerId(),
                new Rpc(List.of(), List.of(forged, real, real), Control.EMPTY),
                (topic, id, bytes) -> arriving.add(id));
        assertThat(arrivals).hasExactlyElementsOfTypes(
                Arrival.Forged.class, Arrival.Fresh.class, Arrival.Duplicate.class);
        assertThat(arriving).hasSize(2);
    }

    @Test
    void aFullQueueDropsTheOldestGossipFirst() throws Exception {
        SendQueue queue = new SendQueue();
        Rpc gossip = Rpc.of(new Control(List.of(), List.of(MessageId.of(new byte[4])), List.of(), List.of(), List.of()));
        Rpc vital = Rpc.of(new Control(List.of(), List.of(), List.of("t"), List.of(), List.of()));
        Signing signing = new Signing(author, () -> 1);
        queue.put(vital);
        for (int i = 0; i < 100; i++) {
            queue.put(gossip);
        }
        for (int i = 0; i < 300; i++) {
            queue.put(new Rpc(List.of(), List.of(signing.sign("t", new byte[10])), Control.EMPTY));
        }
        assertThat(queue.put(vital)).isTrue();
        assertThat(queue.dropped()).isEqualTo(402 - 256);
        int vitals = 0;
        for (int i = 0; i < 256; i++) {
            byte[] frame = queue.take();
            Rpc read = RpcCodec.decode(Arrays.copyOfRange(frame, frame.length < 128 ? 1 : 2, frame.length));
            assertThat(read.control().iwant()).isEmpty();
            vitals += read.control().graft().size();
        }
        assertThat(vitals).isEqualTo(2);
        for (int i = 0; i < 256; i++) {
            assertThat(queue.put(vital)).isTrue();
        }
        assertThat(queue.put(vital)).as("nothing can be dropped").isFalse();
        assertThat(queue.take()).isNull();
    }
}
