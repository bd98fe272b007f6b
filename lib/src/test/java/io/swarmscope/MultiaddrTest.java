package io.swarmscope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.internal.wire.Mangler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiaddrTest {
    private static final String PEER = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
    private static final String OTHER = "QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk";

    @Test
    void theVectorOfTheWireFormat() {
        Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001/p2p/" + PEER);
        String hex = "047f000001" + "060fa1" + "a50326"
                + "0024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
        assertThat(address.toBytes()).isEqualTo(HexFormat.of().parseHex(hex)).hasSize(49);
        assertThat(Multiaddr.ofBytes(HexFormat.of().parseHex(hex)))
                .isEqualTo(address)
                .hasSameHashCodeAs(address);
        assertThat(address.components())
                .containsExactly(
                        new Multiaddr.Component("ip4", 4, "127.0.0.1"),
                        new Multiaddr.Component("tcp", 6, "4001"),
                        new Multiaddr.Component("p2p", 421, PEER));
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/1.2.3.4, 0401020304",
        "/tcp/0, 060000",
        "/dccp/65535, 21ffff",
        "/ip6/2601:9:4f81:9700:803e:ca65:66e8:c21, 29260100094f819700803eca6566e80c21",
        "/ip6zone/x/ip6/fe80::1, 2a017829fe800000000000000000000000000001",
        "/ip4/192.0.2.0/ipcidr/24, 04c00002002b18",
        "/dns/example.com, 350b6578616d706c652e636f6d",
        "/dns4/a/tcp/1, 3601610600 01",
        "/dns6/a, 370161",
        "/dnsaddr/bootstrap.libp2p.io, 3813626f6f7473747261702e6c69627032702e696f",
        "/sctp/1234, 840104d2",
        "/udp/0/webrtc-direct, 91020000 9802",
        "/ip4/127.0.0.1/tcp/127/webrtc, 047f000001 06007f 9902",
        "/p2p-circuit, a202",
        "/udp/1234/udt, 910204d2ad02",
        "/udp/1234/utp, 910204d2ae02",
        "/unix/a/b/c, 9003062f612f622f63",
        "/tcp/1/tls/http, 060001 c003 e003",
        "/https, bb03",
        "/onion/timaq4ygg2iegci7:80, bc039a18087306369043091f0050",
        "/tls/sni/example.com, c003 c1030b6578616d706c652e636f6d",
        "/noise, c603",
        "/udp/1/quic, 91020001 cc03",
        "/udp/1/quic-v1/webtransport, 91020001 cd03 d103",
        "/certhash/uEiDDq4_xNyDorZBH3TlGyzJHOWSwvo8PUo5YHFMrvDE8UQ,"
                + " d2032212 20c3ab8ff13720e8ad9047dd3946cb324739 64b0be8f0f528e581c532bbc313c51",
        "/tcp/1/ws, 060001 dd03",
        "/tcp/1/wss, 060001 de03",
        "/http-path/tmp%2Fbar, e103 07 746d702f626172",
        "/memory/18446744073709551615, 8906ffffffffffffffff"
    })
    void everyProtocolHasTheBytesOfTheTable(String text, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(HexFormat.of().formatHex(Multiaddr.parse(text).toBytes()))
                .isEqualTo(HexFormat.of().formatHex(bytes));
        assertThat(Multiaddr.ofBytes(bytes)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip6/::",
                "/ip6/::1",
                "/ip6/1::",
                "/ip6/2001:db8::1:0:0:1",
                "/ip6/2001:0:0:1::1",
                "/ip6/::ffff:192.0.2.1",
                "/ip6/1:0:2:3:4:5:6:7",
                "/ip6zone/x%y/ip6/fe80::1",
                "/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234",
                "/garlic32/566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzuq",
                "/garlic32/566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzuqzwas",
                "/ip4/127.0.0.1/tcp/9090/http/p2p-webrtc-direct",
                "/ip4/127.0.0.1/tcp/1/p2p/" + PEER + "/p2p-circuit/p2p/" + OTHER,
                "/ip4/1.2.3.4/tcp/80/unix/a/b/c/d/e/f",
                "/unix/stdio",
                "/ip4/127.0.0.1/tcp/443/tls/sni/example.com/http/http-path/foo",
                "/memory/4"
            })
    void canonicalTextSurvives(String text) {
        assertThat(Multiaddr.ofBytes(Multiaddr.parse(text).toBytes())).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "/ip6/2001:DB8:0:0:0:0:0:1, /ip6/2001:db8::1",
        "/ip6/0:0:0:0:0:0:0:0, /ip6/::",
        "/ip6/1:0:0:2:0:0:0:3, /ip6/1:0:0:2::3",
        "/ip6/1:0:0:2:3:0:0:4, /ip6/1::2:3:0:0:4",
        "/ip6/::ffff:c000:201, /ip6/::ffff:192.0.2.1",
        "/ip6/64:ff9b::192.0.2.33, /ip6/64:ff9b::c000:221",
        "/ip4/1.2.3.4/tcp/80/, /ip4/1.2.3.4/tcp/80",
        "/tcp/00080, /tcp/80",
        "/http-path/a%2fb%20c!, /http-path/a%2Fb%20c%21",
        "/ipfs/QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk, /p2p/QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk",
        "/p2p/k2k4r8m0iploq6r25jp915xawtnx0qdr0je62jws2kki6votbj5191x3,"
                + " /p2p/QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk",
        "/certhash/zQmbWTwYGcmdyK9CYfNBcfs9nhZs17a6FQ4Y8oea278xx41,"
                + " /certhash/uEiDDq4_xNyDorZBH3TlGyzJHOWSwvo8PUo5YHFMrvDE8UQ"
    })
    void otherTextIsPrintedInCanonicalForm(String text, String canonical) {
        if (!text.startsWith("/certhash")) {
            assertThat(Multiaddr.parse(text)).hasToString(canonical);
        }
        assertThat(Multiaddr.parse(text))
                .isEqualTo(Multiaddr.parse(Multiaddr.parse(text).toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "ip4/1.2.3.4",
                "//",
                "/ip4",
                "/ip4/",
                "/ip4/::1",
                "/ip4/1.2.3",
                "/ip4/1.2.3.256",
                "/ip4/01.2.3.4",
                "/ip4/1.2.3.4.5",
                "/ip4/::/ipcidr/256",
                "/ip4/1.2.3.4/ipcidr/256",
                "/ip6",
                "/ip6/1.2.3.4",
                "/ip6/:::",
                "/ip6/1::2::3",
                "/ip6/12345::",
                "/ip6/1:2:3:4:5:6:7",
                "/ip6/1:2:3:4:5:6:7:8:9",
                "/ip6/1:2:3:4:5:6:7:1.2.3.4",
                "/ip6/fe80::1%eth0",
                "/ip6/::1.2.3",
                "/ip6/1.2.3.4::",
                "/ip6/:1",
                "/ip6/1:",
                "/ip6zone",
                "/ip6zone/",
                "/ip6zone//ip6/fe80::1",
                "/udp",
                "/tcp",
                "/tcp/65536",
                "/tcp/-1",
                "/tcp/+1",
                "/tcp/x",
                "/tcp/123456",
                "/quic/65536",
                "/udp/1234/udt/1234",
                "/onion/9imaq4ygg2iegci7:80",
                "/onion/aaimaq4ygg2iegci7:80",
                "/onion/timaq4ygg2iegci7:0",
                "/onion/timaq4ygg2iegci7",
                "/onion/timaq4ygg2iegci7:-1",
                "/onion/timaq4ygg2iegci@:666",
                "/onion3/9ww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:80",
                "/garlic32/566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzu",
                "/garlic64/AAAA",
                "/garlic64/@",
                "/ip4/127.0.0.1/udp/1/quic-v1/webtransport/certhash",
                "/certhash/b2uaraocy6yrdblb4sfptaddgimjmmp",
                "/certhash/x",
                "/ip4/127.0.0.1/p2p",
                "/ip4/127.0.0.1/p2p/tcp",
                "/p2p/QmxoHT6iViN5xAjoz1VZ553cL31U9F94ht3QvWR1FrEbZY",
                "/unix",
                "/unix/",
                "/memory/92233720368547758081",
                "/memory/-1",
                "/dns/",
                "/http-path/",
                "/http-path/%2",
                "/http-path/%zz",
                "/nonsense/1",
                "/ip4/1.2.3.4/tcp/1/wat"
            })
    void whatIsNoAddressIsRefusedWithAReason(String text) {
        assertThatThrownBy(() -> Multiaddr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void bytesThatAreNoAddressAreRefused() {
        for (String bad : new String[] {
            "",
            "04",
            "04010203",
            "0401020304ff",
            "a20e" + "00",
            "ff7f",
            "06",
            "3500",
            "35036161",
            "350161" + "8500",
            "a50303010203",
            "9003012f",
            "9003032f61620600 01".replace(" ", ""),
            "3503612f62",
            "3502c328",
            "8400"
        }) {
            assertThatThrownBy(() -> Multiaddr.ofBytes(HexFormat.of().parseHex(bad)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anAddressHasAtMost1024Bytes() {
        String longest = "/dns/" + "a".repeat(1021);
        assertThat(Multiaddr.parse(longest).toBytes()).hasSize(1024);
        assertThatThrownBy(() -> Multiaddr.parse(longest + "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Multiaddr.parse("/dns/" + "a".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Multiaddr.ofBytes(new byte[1025])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thePeerIsTheOneTheAddressEndsWith() {
        PeerId peer = PeerId.parse(PEER);
        PeerId other = PeerId.parse(OTHER);
        Multiaddr bare = Multiaddr.parse("/ip4/1.2.3.4/tcp/80");
        assertThat(bare.peerId()).isEmpty();
        assertThat(bare.withoutPeerId()).isSameAs(bare);
        assertThat(bare.withPeerId(peer)).hasToString("/ip4/1.2.3.4/tcp/80/p2p/" + PEER);
        assertThat(bare.withPeerId(peer).peerId()).contains(peer);
        assertThat(bare.withPeerId(peer).withPeerId(other)).isEqualTo(bare.withPeerId(other));
        assertThat(bare.withPeerId(peer).withoutPeerId()).isEqualTo(bare);
        assertThat(bare.withPeerId(peer).withoutPeerId().components()).isEqualTo(bare.components());
        Multiaddr relayed = Multiaddr.parse("/ip4/1.2.3.4/tcp/80/p2p/" + PEER + "/p2p-circuit");
        assertThat(relayed.peerId()).isEmpty();
        assertThatThrownBy(() -> Multiaddr.parse("/p2p/" + PEER).withoutPeerId())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyHostAndPortWithOrWithoutPeerCanBeDialed() {
        for (String host : new String[] {"/ip4/1.2.3.4", "/ip6/::1", "/dns/a", "/dns4/a.b", "/dns6/c"}) {
            assertThat(Multiaddr.parse(host + "/tcp/4001").isDialableTcp()).isTrue();
            assertThat(Multiaddr.parse(host + "/tcp/4001/p2p/" + PEER).isDialableTcp())
                    .isTrue();
            assertThat(Multiaddr.parse(host + "/tcp/4001/ws").isDialableTcp()).isFalse();
            assertThat(Multiaddr.parse(host + "/tcp/4001/p2p/" + PEER + "/p2p-circuit")
                            .isDialableTcp())
                    .isFalse();
            assertThat(Multiaddr.parse(host + "/udp/4001").isDialableTcp()).isFalse();
            assertThat(Multiaddr.parse(host).isDialableTcp()).isFalse();
        }
        assertThat(Multiaddr.parse("/dnsaddr/a/tcp/1").isDialableTcp()).isFalse();
        assertThat(Multiaddr.parse("/ip6zone/x/ip6/fe80::1/tcp/1").isDialableTcp())
                .isFalse();
        Multiaddr address = Multiaddr.parse("/dns4/example.com/tcp/443/wss");
        assertThat(address.host()).contains("example.com");
        assertThat(address.tcpPort()).hasValue(443);
        assertThat(Multiaddr.parse("/memory/1").host()).isEmpty();
        assertThat(Multiaddr.parse("/ip4/1.2.3.4/udp/1").tcpPort()).isEmpty();
    }

    @Test
    void endpointsBecomeAddresses() throws UnknownHostException {
        InetAddress four = InetAddress.getByAddress(new byte[] {1, 2, 3, 4});
        assertThat(Multiaddr.tcp(new InetSocketAddress(four, 65535))).hasToString("/ip4/1.2.3.4/tcp/65535");
        assertThat(Multiaddr.tcp(new InetSocketAddress("::1", 1))).hasToString("/ip6/::1/tcp/1");
        assertThatThrownBy(() -> Multiaddr.tcp(InetSocketAddress.createUnresolved("a", 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addressesAreSortedByWhereTheyMeanSomething() {
        for (String loopback :
                new String[] {"/ip4/127.0.0.1", "/ip4/127.9.9.9/tcp/1", "/ip6/::1", "/ip6/::ffff:127.0.0.1"}) {
            assertScope(loopback, true, false, false);
        }
        for (String inside : new String[] {
            "/ip4/10.0.0.1",
            "/ip4/172.16.0.1",
            "/ip4/172.31.9.9",
            "/ip4/192.168.1.1",
            "/ip4/169.254.0.1",
            "/ip4/100.64.0.1",
            "/ip4/100.127.0.1",
            "/ip6/fc00::1",
            "/ip6/fdff::1",
            "/ip6/fe80::1",
            "/ip6/febf::1",
            "/ip6/::ffff:10.0.0.1"
        }) {
            assertScope(inside, false, true, false);
        }
        assertScope("/ip4/0.0.0.0/tcp/0", false, false, true);
        assertScope("/ip6/::/tcp/0", false, false, true);
        for (String outside : new String[] {
            "/ip4/8.8.8.8",
            "/ip4/172.32.0.1",
            "/ip4/172.15.0.1",
            "/ip4/100.128.0.1",
            "/ip4/192.169.0.1",
            "/ip6/2001:db8::1",
            "/ip6/fec0::1",
            "/dns4/localhost",
            "/memory/1"
        }) {
            assertScope(outside, false, false, false);
        }
    }

    @Test
    void theNetworkOfAnAddressIsWhatOneCustomerHas() {
        assertThat(Multiaddr.parse("/ip4/192.0.2.17/tcp/4001").ipNetwork()).contains("192.0.2.0/24");
        assertThat(Multiaddr.parse("/ip6/::ffff:192.0.2.99/tcp/1").ipNetwork()).contains("192.0.2.0/24");
        assertThat(Multiaddr.parse("/ip6/2001:db8:7:8:9::1/tcp/1").ipNetwork()).contains("2001:db8:7::/48");
        assertThat(Multiaddr.parse("/dns4/example.org/tcp/1").ipNetwork()).isEmpty();
    }

    private static void assertScope(String text, boolean loopback, boolean inside, boolean wildcard) {
        Multiaddr address = Multiaddr.parse(text);
        assertThat(address.isLoopback()).as(text).isEqualTo(loopback);
        assertThat(address.isPrivate()).as(text).isEqualTo(inside);
        assertThat(address.isWildcard()).as(text).isEqualTo(wildcard);
    }

    @Test
    void noiseNeverFailsOtherwiseAndWhatIsAcceptedSurvives() {
        String text = "/ip4/127.0.0.1/tcp/4001/tls/sni/a.b/ws/http-path/x%2Fy/p2p/" + PEER + "/p2p-circuit/unix/a/b";
        Mangler.attack(Multiaddr.parse(text).toBytes(), bytes -> {
            Multiaddr address = Multiaddr.ofBytes(bytes);
            assertThat(address.toBytes()).isEqualTo(bytes);
            assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
            assertThat(Arrays.asList(address.isLoopback(), address.isPrivate(), address.isWildcard()))
                    .isNotNull();
        });
        Mangler.attack(
                text.getBytes(StandardCharsets.ISO_8859_1),
                bytes -> Multiaddr.parse(new String(bytes, StandardCharsets.ISO_8859_1)));
    }
}
