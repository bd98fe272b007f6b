package io.swarmscope.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.nio.ByteBuffer;
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
