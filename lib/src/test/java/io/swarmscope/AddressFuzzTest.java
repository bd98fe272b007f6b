package io.swarmscope;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.internal.crypto.Keys;
import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.wire.Fuzzed;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses, and the names of peers and packages, which peers tell. */
class AddressFuzzTest {
    private static final PeerId PEER = Keys.ed25519().peerId();

    private static Stream<String> addresses() {
        return Stream.of(
                "/ip4/127.0.0.1/tcp/4001/p2p/" + PEER,
                "/ip6/::ffff:1.2.3.4/udp/0/quic-v1/webtransport/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ",
                "/dns4/example.org/tcp/443/tls/sni/a.b/ws",
                "/unix/a%2Fb/c",
                "/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N/p2p-circuit");
    }

    static Stream<byte[]> binary() {
        Stream<String> nasty = Stream.of("04", "0600", "a503", "a50322", "ff01", "3500", "350261", "a5030100", "2901");
        return Stream.concat(
                addresses().map(text -> Multiaddr.parse(text).toBytes()), nasty.map(HexFormat.of()::parseHex));
    }

    @MethodSource("binary")
    @FuzzTest
    void multiaddr(byte[] bytes) {
        Fuzzed.decoded(bytes, IllegalArgumentException.class, Multiaddr::ofBytes).ifPresent(address -> {
            assertThat(address.toBytes()).isEqualTo(bytes);
            assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
            look(address);
        });
    }

    /** Everything that can be asked of an address can be asked of every address. */
    private static void look(Multiaddr address) {
        assertThat(address.isDialableTcp()).isEqualTo(address.tcpPort().isPresent() && address.components().size() <= 3
                && (address.components().size() == 2 || address.peerId().isPresent()));
        assertThat(address.isPrivate() && address.isLoopback()).isFalse();
        assertThat(address.isWildcard() && address.isLoopback()).isFalse();
        address.ipNetwork().ifPresent(network -> assertThat(network).contains("/"));
        address.peerId().filter(peer -> address.components().size() > 1).ifPresent(peer -> {
            Multiaddr rest = address.withoutPeerId();
            if (rest.peerId().isEmpty()) {
                assertThat(rest.withPeerId(peer)).isEqualTo(address);
            }
        });
    }

    static Stream<byte[]> text() {
        Stream<String> nasty = Stream.of("/", "//", "/ip4/1.2.3.4/", "/ip6/1::2::3", "/ip6/::%eth0", "/dns/%", "/unix/", "/tcp/65536", "/tcp/00");
        return Stream.concat(addresses(), nasty).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("text")
    @FuzzTest
    void multiaddrText(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Fuzzed.decoded(bytes, IllegalArgumentException.class, ignored -> Multiaddr.parse(text)).ifPresent(address -> {
            assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
            assertThat(Multiaddr.ofBytes(address.toBytes())).isEqualTo(address);
        });
    }

    static Stream<byte[]> ids() {
        return Stream.of(PEER.toBytes(), PeerId.parse("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N").toBytes(), new byte[] {0, 0});
    }

    @MethodSource("ids")
    @FuzzTest
    void peerId(byte[] bytes) {
        Fuzzed.decoded(bytes, IllegalArgumentException.class, PeerId::ofBytes).ifPresent(id -> {
            assertThat(id.toBytes()).isEqualTo(bytes);
            assertThat(PeerId.parse(id.toString())).isEqualTo(id);
            PublicKey.inlinedIn(id).ifPresent(key -> assertThat(key.peerId()).isEqualTo(id));
        });
    }

    static Stream<byte[]> idTexts() {
        return Stream.of(PEER.toString(), "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", "bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe",
                        "k51qzi5uqu5dj", "1", "Qm", "z", "f0", "\u0130")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("idTexts")
    @FuzzTest
    void peerIdText(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Fuzzed.decoded(bytes, IllegalArgumentException.class, ignored -> PeerId.parse(text))
                .ifPresent(id -> assertThat(PeerId.parse(id.toString())).isEqualTo(id));
    }

    static Stream<byte[]> packageIds() {
        return Stream.of("acme/logger", "a/b", "a//b", "A/b", "\u00e4/\u0061\u0308", "a/\u202e").map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("packageIds")
    @FuzzTest
    void packageId(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Fuzzed.decoded(bytes, RegistryException.InvalidInput.class, ignored -> PackageId.parse(text)).ifPresent(id -> {
            assertThat(id.toString()).isEqualTo(text);
            assertThat(PackageId.parse(id.toString())).isEqualTo(id);
        });
    }
}
