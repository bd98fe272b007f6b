package io.swarmscope.internal.link.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.Identified;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.wire.MalformedException;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdentifyStateTest {
    private static final Multiaddr CLAIMED = Multiaddr.parse("/ip4/192.0.2.1/tcp/1");
    private static final Multiaddr SIGNED = Multiaddr.parse("/ip4/192.0.2.2/tcp/2");
    private static final Multiaddr NEWER = Multiaddr.parse("/ip4/192.0.2.3/tcp/3");

    private final Identity alice = Identity.generate(new SecureRandom());
    private final Identity mallory = Identity.generate(new SecureRandom());
    private final IdentifyState state = new IdentifyState(alice.peerId());

    private static IdentifyMessage message(List<Multiaddr> addresses, List<String> protocols, @Nullable String agent) {
        return new IdentifyMessage(null, addresses, protocols, null, null, agent, null);
    }

    private IdentifyMessage signed(Identity by, long sequence, Multiaddr address) {
        byte[] record = new PeerRecord(by.peerId(), sequence, List.of(address)).sealed(by);
        return new IdentifyMessage(null, List.of(CLAIMED), List.of(), null, null, null, record);
    }

    @Test
    void anAnswerIsTakenAsItIs() throws Exception {
        IdentifyMessage answer = new IdentifyMessage(
                alice.publicKey().toProtobuf(), List.of(CLAIMED), List.of("/a"), SIGNED, "v", "agent", null);
        assertThat(state.answered(answer))
                .isEqualTo(new Identified("agent", "v", java.util.Set.of("/a"), List.of(CLAIMED), SIGNED));
    }

    @Test
    void aPushChangesOnlyWhatItMentions() throws Exception {
        state.answered(message(List.of(CLAIMED), List.of("/a"), "agent"));
        Identified after = state.pushed(message(List.of(), List.of("/b"), null));
        assertThat(after.protocols()).containsExactly("/b");
        assertThat(after.listenAddresses()).containsExactly(CLAIMED);
        assertThat(after.agentVersion()).isEqualTo("agent");
    }

    @Test
    void aPushThatOvertakesTheAnswerIsNotUndoneByIt() throws Exception {
        assertThat(state.pushed(message(List.of(), List.of("/new"), null)).protocols()).containsExactly("/new");
        Identified after = state.answered(message(List.of(CLAIMED), List.of("/old"), "agent"));
        assertThat(after.protocols()).containsExactly("/new");
        assertThat(after.listenAddresses()).containsExactly(CLAIMED);
    }

    @Test
    void theKeyOfAnotherPeerIsAViolationAndChangesNothing() throws Exception {
        state.answered(message(List.of(CLAIMED), List.of("/a"), "agent"));
        IdentifyMessage foreign = new IdentifyMessage(
                mallory.publicKey().toProtobuf(), List.of(), List.of("/evil"), null, null, null, null);
        assertThatThrownBy(() -> state.pushed(foreign)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> state.answered(foreign)).isInstanceOf(MalformedException.class);
        assertThat(state.pushed(message(List.of(), List.of(), null)).protocols()).containsExactly("/a");
    }

    @Test
    void signedAddressesReplaceClaimedOnes() throws Exception {
        assertThat(state.answered(signed(alice, 5, SIGNED)).listenAddresses()).containsExactly(SIGNED);
        assertThat(state.pushed(signed(alice, 6, NEWER)).listenAddresses()).containsExactly(NEWER);
    }

    @Test
    void anOldOrForeignOrBrokenRecordIsIgnored() throws Exception {
        state.answered(signed(alice, 5, SIGNED));
        assertThat(state.pushed(signed(alice, 4, NEWER)).listenAddresses()).containsExactly(CLAIMED);
        assertThat(state.pushed(signed(mallory, 9, NEWER)).listenAddresses()).containsExactly(CLAIMED);
        IdentifyMessage broken =
                new IdentifyMessage(null, List.of(NEWER), List.of(), null, null, null, new byte[] {1, 2, 3});
        assertThat(state.pushed(broken).listenAddresses()).containsExactly(NEWER);
    }

    @Test
    void addressesLoseThePeersSuffixAndOthersAreDropped() throws Exception {
        List<Multiaddr> mixed = List.of(
                CLAIMED.withPeerId(alice.peerId()),
                SIGNED.withPeerId(mallory.peerId()),
                NEWER,
                Multiaddr.parse("/p2p/" + alice.peerId()));
        assertThat(state.answered(message(mixed, List.of(), null)).listenAddresses())
                .containsExactly(CLAIMED, NEWER);
    }
}
