package io.swarmscope.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressBookTest {

    private final AddressBook book = new AddressBook();
    private final PeerId peer = peer(1);

    @Test
    void anAddressThatWorkedIsTriedBeforeOneThatOnlySomebodyNamed() {
        book.learn(peer, addresses(3));
        book.worked(peer, address(2));
        assertThat(book.addresses(peer)).startsWith(address(2)).hasSize(3);
    }

    @Test
    void hearsayIsNotToldToOthers() {
        book.learn(peer, List.of(address(1)));
        assertThat(book.tellable(peer)).isEmpty();
        book.claimed(peer, List.of(address(2)));
        book.worked(peer, address(3));
        assertThat(book.tellable(peer)).containsExactlyInAnyOrder(address(2), address(3));
    }

    @Test
    void addressesOfAnotherPeerWildcardsAndWhatCannotBeDialedAreLeftOut() {
        book.learn(peer, List.of(
                address(1).withPeerId(peer(2)),
                Multiaddr.parse("/ip4/0.0.0.0/tcp/4001"),
                Multiaddr.parse("/ip4/127.0.0.1/udp/4001/quic-v1")));
        assertThat(book.addresses(peer)).isEmpty();
        assertThat(book.size()).isZero();
    }

    @Test
    void nobodyCanFillTheBookForOnePeer() {
        book.learn(peer, addresses(1000));
        assertThat(book.addresses(peer)).hasSize(AddressBook.ADDRESSES_PER_PEER_MAX);
        book.failed(peer, address(0));
        book.learn(peer, List.of(address(5000)));
        assertThat(book.addresses(peer)).contains(address(5000)).doesNotContain(address(0));
    }

    @Test
    void anAddressThatNeverWorkedIsForgottenAfterThreeFailuresOneThatWorkedIsNot() {
        book.learn(peer, addresses(2));
        book.worked(peer, address(1));
        for (int i = 0; i < 3; i++) {
            book.failed(peer, address(0));
            book.failed(peer, address(1));
        }
        assertThat(book.addresses(peer)).containsExactly(address(1));
    }

    @Test
    void thePeerThatWasOfUseLongestAgoIsForgottenFirst() {
        for (int i = 0; i < AddressBook.PEERS_MAX; i++) {
            book.learn(peer(i), List.of(address(1)));
        }
        book.worked(peer(0), address(1));
        book.learn(peer(AddressBook.PEERS_MAX), List.of(address(1)));
        assertThat(book.size()).isEqualTo(AddressBook.PEERS_MAX);
        assertThat(book.addresses(peer(0))).isNotEmpty();
        assertThat(book.addresses(peer(1))).isEmpty();
    }

    @Test
    void whatIsKnownSurvivesARestartInTheOrderOfUse() {
        book.learn(peer(3), addresses(2));
        for (int number : new int[] {1, 2, 0}) {
            book.claimed(peer(number), List.of(address(7)));
            book.worked(peer(number), address(8));
            book.used(peer(number), Instant.ofEpochMilli(number == 0 ? 9 : 10 + number));
        }
        book.used(peer(2), Instant.ofEpochMilli(20_000));
        book.failed(peer(2), address(8));
        AddressBook restarted = new AddressBook();
        restarted.restore(book.snapshot());

        assertThat(restarted.snapshot()).containsExactlyInAnyOrderElementsOf(book.snapshot());
        assertThat(restarted.lastOfUse(10, any -> true)).containsExactly(peer(2), peer(1), peer(0));
        assertThat(restarted.lastOfUse(1, known -> !known.equals(peer(2)))).containsExactly(peer(1));
        assertThat(restarted.snapshot().getLast())
                .isEqualTo(new KnownPeer(
                        peer(2),
                        List.of(
                                new KnownAddress(address(7), true, false, 0),
                                new KnownAddress(address(8), false, true, 1)),
                        20_000));
        assertThat(restarted.tellable(peer(3))).as("hearsay stays hearsay").isEmpty();
    }

    @Test
    void whatIsTakenBackIsBoundedAndCheckedAsIfItCameFromAStranger() {
        List<KnownPeer> before = new ArrayList<>();
        for (int i = 0; i < AddressBook.PEERS_MAX + 10; i++) {
            before.add(known(peer(i), AddressBook.PEERS_MAX + 10 - i, address(1)));
        }
        before.add(known(peer(-1), 1 << 20, Multiaddr.parse("/ip4/0.0.0.0/tcp/1"), address(1).withPeerId(peer(5))));
        before.add(known(peer(-2), 1 << 20));
        before.add(known(peer(-3), 1 << 20, addresses(100).toArray(Multiaddr[]::new)));
        before.add(new KnownPeer(peer(-4), List.of(new KnownAddress(address(1).withPeerId(peer(-4)), false, true, -5)), 1 << 20));
        book.restore(before);

        assertThat(book.size()).isEqualTo(AddressBook.PEERS_MAX);
        assertThat(book.addresses(peer(0))).isNotEmpty();
        assertThat(book.addresses(peer(AddressBook.PEERS_MAX + 9))).as("used longest ago").isEmpty();
        assertThat(book.addresses(peer(-1))).isEmpty();
        assertThat(book.addresses(peer(-2))).isEmpty();
        assertThat(book.addresses(peer(-3))).hasSize(AddressBook.ADDRESSES_PER_PEER_MAX);
        assertThat(book.snapshot().getLast().addresses()).containsExactly(new KnownAddress(address(1), false, true, 0));
    }

    @Test
    void whoIsHandedTheBookSeesNoLaterChange() {
        book.worked(peer, address(1));
        List<KnownPeer> handedOut = book.snapshot();
        book.failed(peer, address(1));
        book.used(peer, Instant.ofEpochMilli(5));
        assertThat(handedOut).containsExactly(new KnownPeer(peer, List.of(new KnownAddress(address(1), false, true, 0)), 0));
    }

    private static KnownPeer known(PeerId peer, long lastUsed, Multiaddr... addresses) {
        List<KnownAddress> all = Arrays.stream(addresses).map(one -> new KnownAddress(one, true, false, 0)).toList();
        return new KnownPeer(peer, all, lastUsed);
    }

    private static List<Multiaddr> addresses(int count) {
        return IntStream.range(0, count).mapToObj(AddressBookTest::address).toList();
    }

    private static Multiaddr address(int port) {
        return Multiaddr.parse("/ip4/192.0.2.1/tcp/" + port);
    }

    private static PeerId peer(int number) {
        byte[] multihash = new byte[38];
        byte[] head = {0x00, 0x24, 0x08, 0x01, 0x12, 0x20};
        System.arraycopy(head, 0, multihash, 0, head.length);
        ByteBuffer.wrap(multihash).putInt(head.length, number);
        return PeerId.ofBytes(multihash);
    }
}
