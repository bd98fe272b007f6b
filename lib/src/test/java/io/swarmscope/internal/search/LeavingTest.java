package io.swarmscope.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import io.swarmscope.internal.record.Heads;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeavingTest {
    private final PeerId[] peers = Stream.generate(() -> Heads.someone().peerId()).limit(9).toArray(PeerId[]::new);
    private final Leaving leaving = new Leaving(800);

    @Test
    void onePeerKeepsNoMoreThanItsPart() {
        assertThat(leaving.enters(peers[0], 60)).isTrue();
        assertThat(leaving.enters(peers[0], 41)).isFalse();
        assertThat(leaving.enters(peers[0], 40)).isTrue();
        assertThat(leaving.enters(peers[1], 100)).isTrue();
        leaving.left(peers[0], 60);
        assertThat(leaving.enters(peers[0], 61)).isFalse();
        assertThat(leaving.enters(peers[0], 60)).isTrue();
    }

    @Test
    void allTogetherKeepNoMoreThanThereIs() {
        for (int i = 0; i < 8; i++) {
            assertThat(leaving.enters(peers[i], 100)).isTrue();
        }
        assertThat(leaving.enters(peers[8], 1)).isFalse();
        leaving.left(peers[3], 100);
        assertThat(leaving.enters(peers[8], 100)).isTrue();
    }

    @Test
    void anAnswerOfAnySizeLeavesWhereThereIsNoOther() {
        assertThat(leaving.enters(peers[0], 1_000)).isTrue();
        assertThat(leaving.enters(peers[1], 1)).isFalse();
        leaving.left(peers[0], 1_000);
        assertThat(leaving.enters(peers[1], 1_000)).isTrue();
    }
}
