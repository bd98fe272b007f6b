package io.swarmscope.internal.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.DeafListener;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Answers and messages that the protocols allow, but not so much of them. */
class ProtocolAttackTest extends UnderAttack {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void anIdentifyOfTenMegabytesIsRefusedByWhatItClaims() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        int asked = attacker.awaitAsked(Victim.IDENTIFY);
        attacker.data(asked, behindConsent(Attacker.claimOf(10 << 20)));
        victim.awaitGrown("host.violations", 1);
        attacker.awaitReset(asked);
        victim.assertServed();
    }

    @Test
    void anIdentifyOfTenMegabytesInSmallMessagesEndsAfterTenOfThem() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        int asked = attacker.awaitAsked(Victim.IDENTIFY);
        byte[] part = Frames.prefixed(new ProtoWriter().bytes(100, new byte[4_000]).toBytes());
        attacker.dataInTurn(asked, behindConsent(part));
        int sent = 1;
        try {
            for (; sent < (10 << 20) / part.length; sent++) {
                attacker.dataInTurn(asked, part);
            }
        } catch (IOException e) {
            // The victim has had enough.
        }
        victim.awaitGrown("host.violations", 1);
        attacker.awaitReset(asked);
        assertThat(sent).as("messages until it is told").isLessThan(200);
        victim.assertHeapWithin(4);
        victim.assertServed();
    }

    /** In answer to a question of the victim's. */
    private static byte[] behindConsent(byte[] bytes) {
        byte[] consent = Multistream.lazyProposal(Victim.IDENTIFY);
        return ByteBuffer.allocate(consent.length + bytes.length).put(consent).put(bytes).array();
    }

    @Test
    void newsOfOneselfWithoutEndAreRefused() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        int pushes = 100;
        for (int i = 0; i < pushes; i++) {
            int stream = attacker.open(Victim.PUSH, Frames.prefixed(new ProtoWriter().string(6, "version " + i).toBytes()));
            attacker.frame(Attacker.DATA, Attacker.FIN, stream, 0);
        }
        // Three at once, then one a second.
        victim.awaitGrown("host.refused", pushes - 15);
        await().until(() -> attacker.resets() >= pushes - 15);
        victim.assertHeapWithin(4);
        victim.assertServed();
    }

    @Test
    void ofAnAnswerWithAThousandPeersFortyAreLookedAt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        TcpHost liar = TcpHost.create(Identity.generate(RANDOM), TcpHostConfig.DEFAULT);
        try {
            liar.handle(Victim.KAD, stream -> {
                Frames.readOrEnd(stream.input(), Limits.KAD_REQUEST_BYTES);
                asked.incrementAndGet();
                stream.finish(Frames.prefixed(thousandPeers()));
            });
            liar.start(new DeafListener());
            liar.dial(victim.address, null, Duration.ofSeconds(20));
            await().until(() -> victim.level("table") == 1);

            assertThat(victim.find("nobody/nothing")).isNotEqualTo("found true");
            assertThat(asked.get()).isPositive();
            victim.assertThatGrown("kad.passed-over").isGreaterThanOrEqualTo(1_000 - Limits.KAD_PEERS_PER_ANSWER);
            assertThat(victim.level("table")).as("nobody enters on hearsay").isEqualTo(1);
            victim.assertHeapWithin(4);
            victim.assertServed();
        } finally {
            liar.close();
        }
    }

    /** That anybody may have, at an address where nobody listens. */
    private static byte[] thousandPeers() {
        ProtoWriter answer = new ProtoWriter().varint(1, 1);
        byte[] nowhere = Multiaddr.parse("/ip4/127.0.0.1/tcp/9").toBytes();
        for (int i = 0; i < 1_000; i++) {
            byte[] id = new byte[34];
            RANDOM.nextBytes(id);
            id[0] = 0x12;
            id[1] = 32;
            answer.message(8, new ProtoWriter().bytes(1, id).bytes(2, nowhere));
        }
        return answer.toBytes();
    }

    @Test
    void ofAHundredThousandSubscriptionsTwoHundredAndFiftySixAreKept() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        int stream = attacker.open(Victim.GOSSIP);
        int all = 100_000;
        int perFrame = 10_000;
        for (int i = 0; i < all; i += perFrame) {
            ProtoWriter frame = new ProtoWriter();
            for (int topic = i; topic < i + perFrame; topic++) {
                frame.message(1, new ProtoWriter().varint(1, 1).string(2, "topic " + topic));
            }
            attacker.dataInTurn(stream, Frames.prefixed(frame.toBytes()));
        }
        victim.awaitGrown("gossip.passed-over", all - Limits.GOSSIP_TOPICS_PER_PEER);
        victim.assertThatGrown("gossip.passed-over").isEqualTo(all - Limits.GOSSIP_TOPICS_PER_PEER);
        victim.assertHeapWithin(4);
        victim.assertServed();
    }

    @Test
    void ofAFloodOfIhavesFewAreAskedForAndWhoKeepsNoPromiseIsNotListenedTo() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Attacker attacker = attack(Attacker.secured(victim));
        int stream = attacker.open(Victim.GOSSIP);
        int frames = 400;
        for (int i = 0; i < frames; i++) {
            attacker.dataInTurn(stream, ihave(600, random));
        }
        // Until the next heartbeat ten frames are looked at, and 5,000 ids asked for.
        victim.awaitGrown("gossip.passed-over", frames / 2);
        victim.assertHeapWithin(4);
        victim.assertServed();

        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            attacker.dataInTurn(stream, ihave(1, random));
            return victim.grown("gossip.graylisted") > 0;
        });
    }

    /** Tells of messages that there are not. */
    private static byte[] ihave(int ids, Random random) {
        ProtoWriter ihave = new ProtoWriter().string(1, "/swarmscope/heads/1");
        for (int j = 0; j < ids; j++) {
            byte[] id = new byte[20];
            random.nextBytes(id);
            ihave.bytes(2, id);
        }
        return Frames.prefixed(new ProtoWriter().message(3, new ProtoWriter().message(1, ihave)).toBytes());
    }

    @Test
    void moreSessionsOfSyncThanEightAreTurnedAway() throws Exception {
        int peers = Limits.SYNC_SESSIONS + 4;
        ByteArrayOutputStream nothing = new ByteArrayOutputStream();
        for (int i = 0; i < peers; i++) {
            Attacker attacker = attack(Attacker.secured(victim));
            attacker.open(Victim.SYNC, nothing.toByteArray());
        }
        victim.awaitGrown("sync.busy", peers - Limits.SYNC_SESSIONS);
        victim.assertHeapWithin(4);
        victim.assertServed();
    }
}
