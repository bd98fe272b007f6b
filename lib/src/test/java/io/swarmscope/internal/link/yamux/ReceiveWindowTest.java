package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReceiveWindowTest {
    private static final int START = 256 << 10;
    private static final long RTT = 1000;

    private final Budget budget = new Budget(32 << 20);
    private final ReceiveWindow window = new ReceiveWindow(budget, 16 << 20, 0);

    @Test
    void creditIsGivenBackWhenHalfIsRead() {
        assertThat(window.read(START / 2 - 1)).isFalse();
        assertThat(window.read(1)).isTrue();
        assertThat(window.update(10 * RTT, RTT, 1)).isEqualTo(START / 2);
        assertThat(window.read(START / 2 - 1)).isFalse();
    }

    @Test
    void theWindowDoublesWhenHalfIsReadWithinTwoRoundTrips() {
        window.read(START / 2);
        assertThat(window.update(2 * RTT - 1, RTT, 1)).isEqualTo(START / 2 + START);
        assertThat(window.size()).isEqualTo(2 * START);
        assertThat(window.read(START - 1)).isFalse();
        assertThat(window.read(1)).isTrue();
    }

    @Test
    void itStaysWhereTheReaderIsWhatIsSlow() {
        window.read(START / 2);
        assertThat(window.update(2 * RTT, RTT, 1)).isEqualTo(START / 2);
        assertThat(window.size()).isEqualTo(START);
    }

    @Test
    void itStaysWhileTheRoundTripIsUnknown() {
        window.read(START / 2);
        assertThat(window.update(1, 0, 1)).isEqualTo(START / 2);
    }

    @Test
    void itGrowsToSixteenMebibytes() {
        for (int i = 0; i < 20; i++) {
            window.read(window.size() / 2);
            window.update(i, RTT, 1);
        }
        assertThat(window.size()).isEqualTo(16 << 20);
    }

    @Test
    void allWindowsTogetherStayWithinTheBudget() {
        ReceiveWindow[] windows = new ReceiveWindow[10];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = new ReceiveWindow(budget, 16 << 20, 0);
        }
        for (int round = 0; round < 20; round++) {
            for (ReceiveWindow each : windows) {
                each.read(each.size() / 2);
                each.update(round, RTT, windows.length);
            }
        }
        long sum = 0;
        for (ReceiveWindow each : windows) {
            sum += each.size();
        }
        assertThat(sum).isBetween(16L << 20, 32L << 20);
        for (ReceiveWindow each : windows) {
            each.close();
            each.close();
        }
        itGrowsToSixteenMebibytes();
    }
}
