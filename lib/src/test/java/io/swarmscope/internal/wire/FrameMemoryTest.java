package io.swarmscope.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameMemoryTest {
    private static final int FREE = Limits.FRAME_BYTES_FREE;

    private final FrameMemory memory = new FrameMemory(new HeapShare(4 * FREE));

    @Test
    void bodiesOfAnyLengthAreReadWholeAndLeaveNothingTaken() throws Exception {
        FrameMemory ample = new FrameMemory(new HeapShare(8 * FREE));
        Random random = new Random(1);
        for (int length : new int[] {0, 1, FREE - 1, FREE, FREE + 1, 2 * FREE, 5 * FREE}) {
            byte[] body = new byte[length];
            random.nextBytes(body);
            assertThat(ample.read(new ByteArrayInputStream(body), length)).isEqualTo(body);
            assertThat(ample.read(new ByteArrayInputStream(body), length + 9)).as("all that there is").isEqualTo(body);
            assertThat(ample.taken()).isZero();
        }
    }

    @Test
    void whatIsOnlyClaimedTakesNothing() throws Exception {
        InputStream empty = new InputStream() {
            @Override
            public int read() {
                assertThat(memory.taken()).isZero();
                return -1;
            }
        };
        assertThat(memory.read(empty, Integer.MAX_VALUE)).isEmpty();
    }

    @Test
    void largeFramesBeyondTheLimitAreRefusedAndSmallOnesAreNot() throws Exception {
        // In the middle of one that has taken all, others come.
        InputStream others = new InputStream() {
            @Override
            public int read() throws IOException {
                assertThat(memory.taken()).isEqualTo(4L * FREE);
                assertThat(memory.read(new ByteArrayInputStream(new byte[FREE]), FREE)).hasSize(FREE);
                assertThatThrownBy(() -> memory.read(new ByteArrayInputStream(new byte[FREE + 1]), FREE + 1))
                        .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT_REACHED));
                return -1;
            }
        };
        memory.read(new SequenceInputStream(new ByteArrayInputStream(new byte[5 * FREE - 1]), others), 5 * FREE);
        assertThat(memory.taken()).isZero();
    }
}
