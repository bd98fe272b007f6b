package io.swarmscope.internal.link;

import static io.swarmscope.internal.link.DialTest.fails;
import static io.swarmscope.internal.link.TestHost.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.link.perf.Perf;
import io.swarmscope.internal.link.ping.Ping;
import io.swarmscope.internal.wire.MalformedException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PingPerfTest {
    @Test
    void pingsTakeSomeTimeInBothDirections() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            Connection there = alice.dial(bob);
            Connection here = bob.heard.awaitOpened();
            for (int i = 0; i < 5; i++) {
                assertThat(Ping.ping(there, TIMEOUT)).isPositive().isLessThan(TIMEOUT);
                assertThat(Ping.ping(here, TIMEOUT)).isPositive().isLessThan(TIMEOUT);
            }
        }
    }

    @Test
    void onePingStreamAnswersAnyNumberOfPings() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start();
                Stream stream = alice.dial(bob).open(Ping.PROTOCOL, TIMEOUT)) {
            for (int i = 0; i < 100; i++) {
                byte[] bytes = new byte[32];
                Arrays.fill(bytes, (byte) i);
                stream.output().write(bytes);
                assertThat(stream.input().readNBytes(32)).isEqualTo(bytes);
            }
            stream.closeWrite();
            assertThat(stream.input().read()).isNegative();
        }
    }

    @Test
    void aWrongOrMissingEchoIsAFailure() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            Connection there = alice.dial(bob);
            bob.host.unhandle(Ping.PROTOCOL);
            fails(Kind.PROTOCOL_UNSUPPORTED, () -> Ping.ping(there, TIMEOUT));
            bob.host.handle(Ping.PROTOCOL, stream -> stream.output().write(new byte[32]));
            assertThatThrownBy(() -> Ping.ping(there, TIMEOUT)).isInstanceOf(MalformedException.class);
            bob.host.unhandle(Ping.PROTOCOL);
            bob.host.handle(Ping.PROTOCOL, stream -> stream.output().write(new byte[5]));
            fails(Kind.STREAM_RESET, () -> Ping.ping(there, TIMEOUT));
            bob.host.unhandle(Ping.PROTOCOL);
            bob.host.handle(Ping.PROTOCOL, stream -> stream.input().readAllBytes());
            fails(Kind.TIMED_OUT, () -> Ping.ping(there, Duration.ofMillis(100)));
        }
    }

    @Test
    void perfCountsBytesUpAndDown() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            Perf.Result result = Perf.run(alice.dial(bob), 3_000_001, 5_000_003, TIMEOUT);
            assertThat(result.uploadBytes()).isEqualTo(3_000_001);
            assertThat(result.downloadBytes()).isEqualTo(5_000_003);
            assertThat(result.upload()).isPositive();
            assertThat(result.download()).isPositive();
            Perf.run(bob.heard.awaitOpened(), 0, 0, TIMEOUT);
        }
    }

    @Test
    void perfIsOffUnlessEnabledAndRefusesTooMuch() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start(config -> config.withPerf(false))) {
            Connection there = alice.dial(bob);
            fails(Kind.PROTOCOL_UNSUPPORTED, () -> Perf.run(there, 1, 1, TIMEOUT));
            Connection here = bob.heard.awaitOpened();
            fails(Kind.STREAM_RESET, () -> Perf.run(here, 0, (1L << 30) + 1, TIMEOUT));
            assertThatThrownBy(() -> Perf.run(here, -1, 0, TIMEOUT)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
