package io.swarmscope.internal.kad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

    private static final PeerId PEER = PeerId.parse("12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq");
    private static final String PEER_HEX =
            "0024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";

    @Test
    void aRequestForAPeerHasTheBytesOfTheDigest() {
        byte[] message = MessageCodec.encode(new Request.FindNode(Bytes.of(PEER.toBytes())));
        assertThat(hex(message)).isEqualTo("08041226" + PEER_HEX); // its length prefix, 2a, is the stream's
    }

    @Test
    void aPutNamesItsKeyTwiceAndLeavesOutTheTypeWhichIsZero() {
        byte[] message = MessageCodec.encode(new Request.PutValue(new KadRecord(Bytes.ofText("/n/a"), Bytes.ofText("7"))));
        assertThat(hex(message)).isEqualTo("12042f6e2f61" + "1a09" + "0a042f6e2f61" + "120137");
    }

    @Test
    void aTimeWithAYearThatTheFormatHasNotSaysNothing() throws Exception {
        for (String time : List.of("+999999999-12-31T23:59:59-18:00", "9999-12-31T23:00:00-02:00", "-0001-01-01T00:00:00Z")) {
            ProtoWriter record = new ProtoWriter().bytes(1, Bytes.ofText("/n/a").array()).string(5, time);
            Request read = MessageCodec.decodeRequest(new ProtoWriter().message(3, record).toBytes());
            assertThat(read).isEqualTo(new Request.PutValue(new KadRecord(Bytes.ofText("/n/a"), Bytes.EMPTY)));
        }
    }

    @Test
    void whatRustAddsToARecordIsReadAndWritten() throws Exception {
        Instant received = Instant.parse("2026-11-21T12:00:00.123456789Z");
        KadRecord record = new KadRecord(Bytes.ofText("/n/a"), Bytes.ofText("7"), received, PEER, 3600, false);
        byte[] message = MessageCodec.encode(new Answer.Value(record, List.of()));
        assertThat(hex(message)).contains("d229" + "26" + PEER_HEX).contains("c830" + "901c");
        assertThat(MessageCodec.decodeAnswer(message)).isEqualTo(new Answer.Value(record, List.of()));
    }

    @Test
    void everyMessageComesBackAsItWas() throws Exception {
        RandomGenerator random = Fixtures.random("everyMessageComesBackAsItWas");
        for (int i = 0; i < 300; i++) {
            Request request = randomRequest(random);
            assertThat(MessageCodec.decodeRequest(MessageCodec.encode(request))).isEqualTo(request);
            Answer answer = randomAnswer(random);
            assertThat(MessageCodec.decodeAnswer(MessageCodec.encode(answer))).isEqualTo(answer);
        }
    }

    @Test
    void noBytesWhateverMakeTheCodecFailOtherwiseThanAsMalformed() {
        RandomGenerator random = Fixtures.random("noBytesWhateverMakeTheCodecFailOtherwiseThanAsMalformed");
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = MessageCodec.encode(random.nextBoolean() ? randomRequest(random) : randomAnswer(random));
            switch (random.nextInt(3)) {
                case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                case 1 -> bytes = flipped(bytes, random);
                default -> random.nextBytes(bytes);
            }
            decodeBothWays(bytes);
        }
    }

    private static byte[] flipped(byte[] bytes, RandomGenerator random) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static void decodeBothWays(byte[] bytes) {
        try {
            MessageCodec.decodeRequest(bytes);
        } catch (MalformedException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
        try {
            MessageCodec.decodeAnswer(bytes);
        } catch (MalformedException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @Test
    void requestsThatAreNoneAreRefused() {
        assertMalformed(new ProtoWriter().varint(1, 4), "without a key");
        assertMalformed(new ProtoWriter().varint(1, 6).bytes(2, new byte[1]), "type 6");
        assertMalformed(new ProtoWriter().varint(1, -1).bytes(2, new byte[1]), "above the limit");
        assertMalformed(new ProtoWriter().bytes(2, new byte[1]), "without a record");
        assertMalformed(new ProtoWriter().varint(1, 4).bytes(2, new byte[Limits.KAD_KEY_BYTES + 1]), "exceeds the limit");
        ProtoWriter record = new ProtoWriter().bytes(1, new byte[] {1}).bytes(2, new byte[] {2});
        assertMalformed(new ProtoWriter().bytes(2, new byte[] {3}).message(3, record), "under another key");
    }

    private static void assertMalformed(ProtoWriter message, String why) {
        assertThatThrownBy(() -> MessageCodec.decodeRequest(message.toBytes()))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
    }

    @Test
    void unknownFieldsAndConnectionsAreTolerated() throws Exception {
        ProtoWriter peer = new ProtoWriter().bytes(1, PEER.toBytes()).varint(3, 99).bytes(17, new byte[5]);
        byte[] message = new ProtoWriter().varint(1, 4).varint(10, 9).message(8, peer).bytes(50, new byte[3]).toBytes();
        assertThat(MessageCodec.decodeAnswer(message)).isEqualTo(new Answer.Nodes(List.of(new PeerInfo(PEER, List.of()))));
    }

    @Test
    void onePeerOrAddressThatCannotBeReadCostsNothingElse() throws Exception {
        Multiaddr good = Fixtures.address(1);
        ProtoWriter peer = new ProtoWriter()
                .bytes(1, PEER.toBytes())
                .bytes(2, new byte[] {(byte) 0xff, 0x7f, 1})
                .bytes(2, new byte[0])
                .bytes(2, new byte[Limits.MULTIADDR_BYTES + 1])
                .bytes(2, good.toBytes());
        ProtoWriter stranger = new ProtoWriter().bytes(1, new byte[] {1, 2, 3}).bytes(2, good.toBytes());
        byte[] message = new ProtoWriter().varint(1, 4).message(8, stranger).message(8, peer).toBytes();
        assertThat(MessageCodec.decodeAnswer(message)).isEqualTo(new Answer.Nodes(List.of(new PeerInfo(PEER, List.of(good)))));
    }

    @Test
    void ofAFloodOfPeersAndAddressesOnlySoManyAreUsed() throws Exception {
        ProtoWriter peer = new ProtoWriter().bytes(1, PEER.toBytes());
        for (int i = 0; i < 50; i++) {
            peer.bytes(2, Fixtures.address(i).toBytes());
        }
        ProtoWriter message = new ProtoWriter().varint(1, 3);
        for (int i = 0; i < 100; i++) {
            message.message(8, peer).message(9, peer);
        }
        Answer.Providers answer = (Answer.Providers) MessageCodec.decodeAnswer(message.toBytes());
        assertThat(answer.closer()).hasSize(40).allMatch(one -> one.addresses().size() == 16);
        assertThat(answer.providers()).hasSize(40);
    }

    @Test
    void ourAnswersStaySmallEnoughForRust() throws Exception {
        RandomGenerator random = Fixtures.random("ourAnswersStaySmallEnoughForRust");
        List<PeerInfo> crowd = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            crowd.add(new PeerInfo(Fixtures.peer(random), Collections.nCopies(30, longAddress())));
        }
        byte[] message = MessageCodec.encode(new Answer.Providers(crowd, crowd));
        assertThat(message).hasSizeLessThanOrEqualTo(16_000);
        Answer.Providers answer = (Answer.Providers) MessageCodec.decodeAnswer(message);
        assertThat(answer.providers()).hasSize(20).allMatch(peer -> !peer.addresses().isEmpty());
        assertThat(answer.closer()).hasSize(20);
    }

    @Test
    void evenWithPeersOfOneHugeAddressEachAnAnswerStaysSmall() throws Exception {
        RandomGenerator random = Fixtures.random("evenWithPeersOfOneHugeAddressEachAnAnswerStaysSmall");
        Multiaddr huge = Multiaddr.parse("/dns4/" + "a".repeat(900) + "/tcp/1");
        List<PeerInfo> crowd = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            crowd.add(new PeerInfo(Fixtures.peer(random), List.of(huge)));
        }
        byte[] message = MessageCodec.encode(new Answer.Nodes(crowd));
        assertThat(message).hasSizeLessThanOrEqualTo(16_000);
        assertThat(MessageCodec.decodeAnswer(message).closer()).hasSizeBetween(10, 19).isSubsetOf(crowd);
    }

    @Test
    void aRecordLeavesLessRoomForPeers() throws Exception {
        RandomGenerator random = Fixtures.random("aRecordLeavesLessRoomForPeers");
        List<PeerInfo> crowd = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            crowd.add(new PeerInfo(Fixtures.peer(random), Collections.nCopies(30, longAddress())));
        }
        for (int size : new int[] {0, 1000, 8192, 13_000}) {
            KadRecord record = new KadRecord(Bytes.ofText("/n/a"), Bytes.of(new byte[size]), Instant.now(), PEER, 3600, false);
            byte[] message = MessageCodec.encode(new Answer.Value(record, crowd));
            assertThat(message).hasSizeLessThanOrEqualTo(16_000);
            assertThat(MessageCodec.decodeAnswer(message).closer()).hasSize(20).allMatch(peer -> !peer.addresses().isEmpty());
        }
        KadRecord huge = new KadRecord(Bytes.ofText("/n/a"), Bytes.of(new byte[60_000]));
        Answer answer = MessageCodec.decodeAnswer(MessageCodec.encode(new Answer.Value(huge, crowd)));
        assertThat(answer.closer()).hasSize(20);
    }

    @Test
    void addressesThatEverybodyDialsGoFirst() throws Exception {
        List<Multiaddr> addresses = new ArrayList<>(Collections.nCopies(10, longAddress()));
        addresses.add(Fixtures.address(1));
        Answer answer = MessageCodec.decodeAnswer(
                MessageCodec.encode(new Answer.Nodes(List.of(new PeerInfo(PEER, addresses)))));
        assertThat(answer.closer().getFirst().addresses()).hasSize(8).startsWith(Fixtures.address(1));
    }

    @Test
    void nothingFromTheNetworkCountsAsCheckedAlready() throws Exception {
        KadRecord checked = new KadRecord(Bytes.ofText("/n/a"), Bytes.ofText("7"), null, null, 0, true);
        Request.PutValue put = (Request.PutValue) MessageCodec.decodeRequest(MessageCodec.encode(new Request.PutValue(checked)));
        assertThat(put.record().checked()).isFalse();
        byte[] message = MessageCodec.encode(new Request.PutValue(checked));
        assertThat(ProtoReader.of(message).next()).isEqualTo(2);
    }

    @Test
    void aTimeThatIsNoneIsNoReasonToDropARecord() throws Exception {
        ProtoWriter record = new ProtoWriter().bytes(1, new byte[] {1}).bytes(2, new byte[] {2}).string(5, "yesterday");
        Answer.Value answer = (Answer.Value)
                MessageCodec.decodeAnswer(new ProtoWriter().varint(1, 1).message(3, record).toBytes());
        assertThat(answer.record().received()).isNull();
        assertThat(answer.record().value()).isEqualTo(Bytes.of(new byte[] {2}));
    }

    private static Multiaddr longAddress() {
        return Multiaddr.parse("/ip4/1.2.3.4/udp/4001/quic-v1/webtransport");
    }

    private static Request randomRequest(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 -> new Request.FindNode(randomBytes(random, 1, 80));
            case 1 -> new Request.GetValue(randomBytes(random, 1, 80));
            case 2 -> new Request.PutValue(randomRecord(random));
            case 3 -> new Request.AddProvider(randomBytes(random, 1, 80), randomPeers(random));
            case 4 -> new Request.GetProviders(randomBytes(random, 1, 80));
            default -> new Request.Ping();
        };
    }

    private static Answer randomAnswer(RandomGenerator random) {
        KadRecord record = random.nextBoolean() ? randomRecord(random) : null;
        return switch (random.nextInt(5)) {
            case 0 -> new Answer.Nodes(randomPeers(random));
            case 1 -> new Answer.Value(record, randomPeers(random));
            case 2 -> new Answer.Stored(record);
            case 3 -> new Answer.Providers(randomPeers(random), randomPeers(random));
            default -> new Answer.Pong();
        };
    }

    private static KadRecord randomRecord(RandomGenerator random) {
        return new KadRecord(
                randomBytes(random, 1, 80),
                randomBytes(random, 0, 500),
                random.nextBoolean() ? Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)) : null,
                random.nextBoolean() ? Fixtures.peer(random) : null,
                random.nextBoolean() ? random.nextLong(1L << 32) : 0,
                false);
    }

    private static List<PeerInfo> randomPeers(RandomGenerator random) {
        List<PeerInfo> peers = new ArrayList<>();
        for (int i = random.nextInt(21); i > 0; i--) {
            List<Multiaddr> addresses = new ArrayList<>();
            for (int j = random.nextInt(9); j > 0; j--) {
                addresses.add(Fixtures.address(random.nextInt()));
            }
            ConnectionType[] types = ConnectionType.values();
            peers.add(new PeerInfo(Fixtures.peer(random), addresses, types[random.nextInt(types.length)]));
        }
        return peers;
    }

    private static Bytes randomBytes(RandomGenerator random, int least, int most) {
        byte[] bytes = new byte[random.nextInt(least, most + 1)];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void aPeerReadBeforeIsReadAnewIfAnythingOfItChanged() throws Exception {
        PeerId id = Fixtures.peer(new java.util.Random(77));
        List<PeerInfo> said = List.of(
                new PeerInfo(id, List.of(Fixtures.address(1)), ConnectionType.CONNECTED),
                new PeerInfo(id, List.of(Fixtures.address(1)), ConnectionType.NOT_CONNECTED),
                new PeerInfo(id, List.of(Fixtures.address(2)), ConnectionType.CONNECTED),
                new PeerInfo(id, List.of(), ConnectionType.CONNECTED));
        for (int i = 0; i < 2; i++) {
            for (PeerInfo peer : said) {
                Answer read = MessageCodec.decodeAnswer(MessageCodec.encode(new Answer.Nodes(List.of(peer))));
                assertThat(read.closer()).containsExactly(peer);
            }
        }
    }
}
