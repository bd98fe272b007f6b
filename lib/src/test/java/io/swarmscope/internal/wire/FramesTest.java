package io.swarmscope.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.junit.jupiter.api.Test;

class FramesTest {

    @Test
    void framesAreReadAsTheyWereWritten() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int length : new int[] {0, 1, 127, 128, 5000}) {
            Frames.write(out, new byte[length]);
        }
        InputStream in = oneByteAtATime(out.toByteArray());
        for (int length : new int[] {0, 1, 127, 128, 5000}) {
            assertThat(Frames.read(in, 5000)).hasSize(length);
        }
        assertThat(Frames.readOrEnd(in, 10)).isNull();
    }

    @Test
    void aFrameAboveTheLimitIsRefusedBeforeItIsRead() {
        ByteArrayInputStream in = new ByteArrayInputStream(Frames.prefixed(new byte[11]));
        assertThatThrownBy(() -> Frames.read(in, 10))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("11");
        assertThat(in.available()).isEqualTo(11);
    }

    @Test
    void aHugeLengthThatIsOnlyClaimedCostsNoMemory() {
        // Were the array allocated first, this would need 2 GB.
        byte[] claim = Varint.of(Integer.MAX_VALUE - 8);
        assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(claim), Integer.MAX_VALUE))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void theEndOfTheStreamIsCleanOnlyBetweenFrames() {
        byte[] frame = Frames.prefixed(new byte[200]);
        for (int length = 1; length < frame.length; length++) {
            InputStream in = new ByteArrayInputStream(frame, 0, length);
            assertThatThrownBy(() -> Frames.readOrEnd(in, 200)).isInstanceOf(EOFException.class);
        }
        assertThatThrownBy(() -> Frames.read(InputStream.nullInputStream(), 200))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void nothingBehindAFrameIsConsumed() throws IOException {
        InputStream in = new SequenceInputStream(
                new ByteArrayInputStream(Frames.prefixed(new byte[3])), new ByteArrayInputStream(new byte[] {42}));
        Frames.read(in, 3);
        assertThat(in.read()).isEqualTo(42);
    }

    @Test
    void noiseNeverFailsOtherwise() {
        Mangler.attack(Frames.prefixed(new byte[50]), bytes -> Frames.read(new ByteArrayInputStream(bytes), 1000));
    }

    private static InputStream oneByteAtATime(byte[] bytes) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return super.read(buffer, offset, Math.min(1, length));
            }
        };
    }
}
