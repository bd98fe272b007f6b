package io.swarmscope.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.Admission.Place;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final PeerId ALICE = Identity.generate(new SecureRandom()).peerId();

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000);

    private Admission admission(LinkLimits limits) {
        return new Admission(limits, clock::get);
    }

    private static InetAddress ip(String digits) {
        try {
            return InetAddress.getByName(digits);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void connectionsBeyondTheTotalAreRefusedUntilOneEnds() {
        Admission admission = admission(LinkLimits.DEFAULT.withConnections(2, 1, 64));
        Place first = admission.inbound(ip("127.0.0.1"));
        assertThat(admission.inbound(ip("127.0.0.1"))).isNotNull();
        assertThat(admission.inbound(ip("127.0.0.1"))).isNull();
        first.release();
        first.release();
        assertThat(admission.inbound(ip("127.0.0.1"))).isNotNull();
        assertThat(admission.inbound(ip("127.0.0.1"))).isNull();

        Place dialed = admission.outbound();
        assertThat(admission.outbound()).isNull();
        dialed.release();
        assertThat(admission.outbound()).isNotNull();
    }

    @Test
    void connectionsBeingSecuredHaveALimitOfTheirOwn() {
        Admission admission = admission(LinkLimits.DEFAULT.withConnections(512, 1, 2));
        Place first = admission.inbound(ip("127.0.0.1"));
        Place second = admission.inbound(ip("127.0.0.1"));
        assertThat(admission.inbound(ip("127.0.0.1"))).isNull();
        assertThat(first.secured(ALICE)).isNotNull();
        assertThat(admission.inbound(ip("127.0.0.1"))).isNotNull();
        assertThat(admission.inbound(ip("127.0.0.1"))).isNull();
        second.release();
        first.release();
        assertThat(admission.inbound(ip("127.0.0.1"))).isNotNull();
        assertThat(admission.inbound(ip("127.0.0.1"))).isNull();
    }

    @Test
    void oneAddressGetsSixteenConnectionsAndTenASecond() {
        Admission admission = admission(LinkLimits.DEFAULT);
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            places.add(admission.inbound(ip("192.0.2.1")));
        }
        assertThat(places).doesNotContainNull();
        assertThat(admission.inbound(ip("192.0.2.1"))).isNull();
        assertThat(admission.inbound(ip("192.0.2.2"))).isNotNull();

        pass(Duration.ofMillis(99));
        assertThat(admission.inbound(ip("192.0.2.1"))).isNull();
        pass(Duration.ofMillis(1));
        places.add(admission.inbound(ip("192.0.2.1")));
        assertThat(places).doesNotContainNull();

        pass(Duration.ofMinutes(1));
        for (int i = 0; i < 5; i++) {
            places.add(admission.inbound(ip("192.0.2.1")));
        }
        assertThat(places).hasSize(16).doesNotContainNull();
        pass(Duration.ofMinutes(1));
        assertThat(admission.inbound(ip("192.0.2.1"))).isNull();
        places.getFirst().release();
        assertThat(admission.inbound(ip("192.0.2.1"))).isNotNull();
    }

    @Test
    void anIp6NetworkCountsAsOneAddress() {
        Admission admission = admission(LinkLimits.DEFAULT.withPerIp(2, 10, false));
        assertThat(admission.inbound(ip("2001:db8::1"))).isNotNull();
        assertThat(admission.inbound(ip("2001:db8::2"))).isNotNull();
        assertThat(admission.inbound(ip("2001:db8::3"))).isNull();
        assertThat(admission.inbound(ip("2001:db8:0:1::3"))).isNotNull();
        assertThat(admission.inbound(ip("32.1.13.184"))).isNotNull();
    }

    @Test
    void loopbackHasNoLimitsPerAddressUnlessAskedFor() {
        Admission admission = admission(LinkLimits.DEFAULT.withPerIp(1, 1, false));
        for (int i = 0; i < 50; i++) {
            assertThat(admission.inbound(ip(i % 2 == 0 ? "127.0.0.1" : "::1"))).isNotNull();
        }
        Admission strict = admission(LinkLimits.DEFAULT.withPerIp(1, 1, true));
        assertThat(strict.inbound(ip("127.0.0.1"))).isNotNull();
        assertThat(strict.inbound(ip("127.0.0.1"))).isNull();
    }

    @Test
    void aPeerGetsTwoConnectionsWhicheverSideDialed() {
        Admission admission = admission(LinkLimits.DEFAULT);
        Place in = admission.inbound(ip("127.0.0.1"));
        Place out = admission.outbound();
        Place third = admission.outbound();
        assertThat(in.secured(ALICE)).isNotNull().isSameAs(out.secured(ALICE));
        assertThat(third.secured(ALICE)).isNull();
        third.release();
        in.release();
        assertThat(admission.outbound().secured(ALICE)).isNotNull();
        assertThat(admission.outbound().secured(ALICE)).isNull();
    }

    @Test
    void manyAddressesAreForgottenOnceTheyAreQuiet() {
        Admission admission = admission(LinkLimits.DEFAULT.withConnections(1, 1, 1));
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 1000; i++) {
                Place place = admission.inbound(ip("10." + second + "." + i / 250 + "." + i % 250));
                assertThat(place).isNotNull();
                place.release();
            }
            pass(Duration.ofSeconds(2));
        }
        assertThat(admission.networksKnown()).isLessThanOrEqualTo(2000);
    }
}
