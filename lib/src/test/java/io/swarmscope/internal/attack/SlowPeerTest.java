package io.swarmscope.internal.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that take their time to say what they want. */
class SlowPeerTest extends UnderAttack {

    @Test
    void aByteASecondIsGivenUpInEveryProtocol() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        List<Integer> streams = new ArrayList<>(List.of(
                dripping(attacker, Victim.KAD, Limits.KAD_REQUEST_BYTES),
                dripping(attacker, Victim.SEARCH, Limits.SEARCH_REQUEST_BYTES),
                dripping(attacker, Victim.SYNC, Limits.SYNC_FRAME_BYTES),
                dripping(attacker, Victim.PUSH, Limits.IDENTIFY_BYTES)));
        int negotiating = attacker.open();
        Attacker.drip(Multistream.lazyProposal(Victim.KAD), b -> attacker.data(negotiating, b));
        streams.add(negotiating);

        streams.forEach(attacker::awaitReset);
        victim.awaitGrown("host.timed-out", streams.size());
        victim.assertHeapWithin(4);
        victim.assertServed();
    }

    @Test
    @Tag("slow")
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void anEncryptedFrameThatComesByteForByteIsGivenUpAfterThePingThatNobodyAnswers() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        attacker.raw().write(new byte[] {(byte) 0xff, (byte) 0xff});
        Attacker.drip(new byte[1], attacker.raw()::write);
        await().atMost(Limits.YAMUX_PING_EVERY.plus(Limits.YAMUX_PING).plusSeconds(30))
                .until(() -> victim.grown("host.timed-out") == 1);
        await().until(attacker::ended);
        victim.assertServed();
    }

    @Test
    @Tag("slow")
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void aFrameOfGossipThatComesByteForByteIsGivenUpToo() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        int stream = dripping(attacker, Victim.GOSSIP, Limits.GOSSIP_RPC_BYTES);
        await().atMost(Limits.GOSSIP_READ.plusSeconds(30)).until(() -> victim.grown("host.timed-out") == 1);
        attacker.awaitReset(stream);
        assertThat(attacker.ended()).isFalse();
    }

    /** Announces a frame of the greatest length that is allowed, and takes its time. */
    private static int dripping(Attacker attacker, String protocol, int length) throws IOException {
        int stream = attacker.open(protocol, Attacker.claimOf(length));
        Attacker.drip(new byte[1], b -> attacker.data(stream, b));
        return stream;
    }
}
