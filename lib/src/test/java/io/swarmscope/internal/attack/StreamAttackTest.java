package io.swarmscope.internal.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams: too many, too long, and such as nobody reads. */
class StreamAttackTest extends UnderAttack {

    /** Asks for all that fits into an answer: some 350 KiB, more than a window. */
    static final byte[] ALL = Frames.prefixed(
            new ProtoWriter().string(1, VictimProgram.WORD).varint(4, Limits.SEARCH_HITS).toBytes());

    @Test
    void aFloodOfStreamsIsResetAboveTheLimit() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        int flood = 1_500;
        for (int i = 0; i < flood; i++) {
            attacker.open();
        }
        await().until(() -> attacker.resets() == flood - Limits.YAMUX_STREAMS);
        assertThat(attacker.ended()).isFalse();
        victim.assertThatGrown("host.refused").isEqualTo(flood - Limits.YAMUX_STREAMS);
        victim.assertHeapWithin(4);
        victim.assertServed();
    }

    @Test
    void whatManyConnectionsSendThatNobodyReadsFillsAnEighthOfTheHeapAndNoMore() throws Exception {
        int connections = 4;
        int streams = 60;
        List<Attacker> all = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Attacker attacker = attack(Attacker.secured(victim));
            all.add(attacker);
            for (int j = 0; j < streams; j++) {
                // Pings are answered on two streams at once; the others wait for their turn, and with them all that is sent.
                attacker.data(attacker.open(Victim.PING), new byte[250_000]);
            }
        }
        await().until(() -> victim.grown("host.bytes-in") > connections * streams * 250_000L);
        victim.assertHeapWithin(Victim.HEAP_MIB / Limits.YAMUX_BUFFERED_PART_OF_HEAP + 6);
        victim.assertServed();
        // 8 MiB fit, and two streams of each are read; the rest could not be kept.
        victim.awaitGrown("host.refused", connections * (streams - 2) - 40);
        assertThat(all).noneMatch(Attacker::ended);
    }

    @Test
    void answersForWhichNoWindowIsGrantedAreFewAndGivenUpInTime() throws Exception {
        int connections = 4;
        int streams = 20;
        for (int i = 0; i < connections; i++) {
            Attacker attacker = attack(Attacker.secured(victim));
            for (int j = 0; j < streams; j++) {
                attacker.open(Victim.SEARCH, ALL);
            }
        }
        victim.awaitGrown("search.busy", connections * streams - 8);
        victim.assertHeapWithin(6);
        victim.assertServed();
        victim.awaitGrown("host.timed-out", connections);
    }

    @Test
    void streamsOfTheLongestFramesEndBeforeTheFramesCome() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        byte[] claim = Attacker.claimOf(Integer.MAX_VALUE);
        List<Integer> streams = new ArrayList<>();
        for (String protocol : List.of(Victim.KAD, Victim.SEARCH, Victim.SYNC, Victim.GOSSIP, Victim.PUSH)) {
            streams.add(attacker.open(protocol, claim));
        }
        int negotiating = attacker.open();
        attacker.data(negotiating, claim);
        streams.add(negotiating);

        streams.forEach(attacker::awaitReset);
        victim.awaitGrown("host.violations", streams.size());
        victim.awaitGrown("violations", streams.size());
        victim.assertThatGrown("host.timed-out").isZero();
        victim.assertServed();
    }

    @Test
    void framesOfManyPeersThatLackTheirLastByteFillAnEighthOfTheHeapAndNoMore() throws Exception {
        int connections = 16;
        int streams = 30;
        byte[] claim = Attacker.claimOf(Limits.KAD_REQUEST_BYTES);
        byte[] body = Arrays.copyOf(claim, claim.length + Limits.KAD_REQUEST_BYTES - 1);
        for (int i = 0; i < connections; i++) {
            Attacker attacker = attack(Attacker.secured(victim));
            for (int j = 0; j < streams; j++) {
                attacker.open(Victim.KAD, body);
            }
        }
        await().until(() -> victim.grown("host.bytes-in") > connections * streams * (long) body.length);
        int free = connections * streams * Limits.FRAME_BYTES_FREE >> 20;
        victim.assertHeapWithin(Victim.HEAP_MIB / Limits.FRAMES_PART_OF_HEAP + free + 6);
        victim.assertServed();
        victim.awaitGrown("host.refused", connections * streams / 2);
    }

    @Test
    void aYamuxFrameThatNobodyWouldSendEndsTheConnectionBeforeItComes() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        attacker.frame(Attacker.DATA, Attacker.SYN, 1, Limits.YAMUX_FRAME + 1);
        attacker.awaitGoAway();
        victim.assertThatGrown("host.violations").isEqualTo(1);
        victim.assertServed();
    }

    @Test
    void endlessProposalsEndTheStream() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        int stream = attacker.open();
        attacker.data(stream, proposals(1_000));
        attacker.awaitReset(stream);
        victim.awaitGrown("host.violations", 1);
        victim.assertServed();
    }

    @Test
    void pingsWhosePongsNobodyReadsEndTheConnection() throws Exception {
        Attacker deaf = attack(Attacker.deaf(victim));
        try {
            for (int i = 0; i < 1_000_000; i++) {
                deaf.frame(Attacker.PING, Attacker.SYN, 0, i);
            }
        } catch (IOException e) {
            // The victim has had enough.
        }
        victim.awaitGrown("host.violations", 1);
        await().until(() -> victim.level("host.inbound") == 1);
        victim.assertHeapWithin(4);
        victim.assertServed();
    }
}
