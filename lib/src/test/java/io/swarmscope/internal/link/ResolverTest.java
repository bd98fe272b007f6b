package io.swarmscope.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.Multiaddr;
import io.swarmscope.internal.fork.Deadline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolverTest {
    private static InetAddress[] ips(String... digits) {
        return Arrays.stream(digits)
                .map(text -> {
                    try {
                        return InetAddress.getByName(text);
                    } catch (UnknownHostException e) {
                        throw new AssertionError(e);
                    }
                })
                .toArray(InetAddress[]::new);
    }

    @Test
    void familiesTakeTurnsInTheOrderOfTheNameServer() {
        InetAddress[] found = ips("2001:db8::1", "2001:db8::2", "192.0.2.1", "2001:db8::3", "192.0.2.2");
        assertThat(Resolver.interleaved(found, a -> true))
                .containsExactly(ips("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3"));
        assertThat(Resolver.interleaved(ips("192.0.2.1", "192.0.2.2"), a -> true))
                .containsExactly(ips("192.0.2.1", "192.0.2.2"));
        assertThat(Resolver.interleaved(ips(), a -> true)).isEmpty();
    }

    @Test
    void aNameWithManyAddressesIsCut() {
        String[] many = new String[100];
        Arrays.setAll(many, i -> "192.0.2." + i);
        assertThat(Resolver.interleaved(ips(many), a -> true)).hasSize(8);
    }

    @Test
    void theFamilyAskedForIsTheOnlyOneTried() throws Exception {
        Resolver resolver = new Resolver(name -> ips("2001:db8::1", "192.0.2.1"));
        Deadline soon = Deadline.after(Duration.ofSeconds(10));
        assertThat(resolver.resolve(Multiaddr.parse("/dns4/a.test/tcp/5"), soon))
                .isEqualTo(List.of(new InetSocketAddress("192.0.2.1", 5)));
        assertThat(resolver.resolve(Multiaddr.parse("/dns6/a.test/tcp/5"), soon))
                .isEqualTo(List.of(new InetSocketAddress("2001:db8::1", 5)));
        assertThat(resolver.resolve(Multiaddr.parse("/dns/a.test/tcp/5"), soon)).hasSize(2);
        assertThat(resolver.resolve(Multiaddr.parse("/ip6/::1/tcp/5"), soon))
                .isEqualTo(List.of(new InetSocketAddress("::1", 5)));
        resolver.close();
    }
}
