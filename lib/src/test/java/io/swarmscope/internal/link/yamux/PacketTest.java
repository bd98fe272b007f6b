package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PacketTest {
    private final Packet packet = new Packet();

    private String hex() {
        return HexFormat.of().formatHex(packet.bytes(), packet.offset(), packet.offset() + packet.length());
    }

    @Test
    void framesLookAsTheSpecificationSays() {
        packet.frame(Frame.WINDOW_UPDATE, Frame.SYN, 1, 0);
        assertThat(hex()).isEqualTo("000100010000000100000000");
        packet.clear();
        packet.frame(Frame.PING, Frame.ACK, 0, 0x2a);
        assertThat(hex()).isEqualTo("00020002000000000000002a");
        packet.clear();
        packet.frame(Frame.DATA, Frame.FIN, 1, 0);
        assertThat(hex()).isEqualTo("000000040000000100000000");
        packet.clear();
        packet.frame(Frame.GO_AWAY, 0, 0, 0);
        assertThat(hex()).isEqualTo("000300000000000000000000");
    }

    @Test
    void dataOfTheSameStreamBecomesOneFrame() {
        packet.data(3, new byte[] {0, 1, 2}, 1, 2, 100);
        packet.data(3, new byte[] {3}, 0, 1, 100);
        packet.data(5, new byte[] {4}, 0, 1, 100);
        packet.data(3, new byte[] {5}, 0, 1, 100);
        packet.frame(Frame.DATA, Frame.FIN, 3, 0);
        assertThat(hex())
                .isEqualTo("000000000000000300000003" + "010203" + "000000000000000500000001" + "04"
                        + "000000000000000300000001" + "05" + "000000040000000300000000");
    }

    @Test
    void framesDoNotBecomeLargerThanAllowed() {
        packet.data(3, new byte[90], 0, 90, 100);
        packet.data(3, new byte[11], 0, 11, 100);
        assertThat(packet.length()).isEqualTo(2 * Frame.HEADER + 101);
    }

    @Test
    void anyNumberOfFramesGoesInFrontOfAnyOthers() {
        for (int before : new int[] {0, 1, 20, 21, 2000}) {
            for (int data : new int[] {0, 1, 700, 15_000, 150_000, 400_000}) {
                byte[] frames = new byte[before * Frame.HEADER];
                Arrays.fill(frames, (byte) 1);
                byte[] body = new byte[data];
                Arrays.fill(body, (byte) 2);
                packet.data(7, body, 0, data, 1 << 20);
                packet.prepend(frames, frames.length);
                ByteBuffer all = ByteBuffer.wrap(packet.bytes(), packet.offset(), packet.length());
                byte[] first = new byte[frames.length];
                all.get(first);
                assertThat(first).isEqualTo(frames);
                assertThat(all.getInt(all.position() + 8)).isEqualTo(data);
                byte[] last = new byte[data];
                all.position(all.position() + 12).get(last);
                assertThat(last).isEqualTo(body);
                assertThat(all.hasRemaining()).isFalse();
                packet.clear();
                assertThat(packet.length()).isZero();
                packet.shrink();
                assertThat(packet.bytes().length).as("kept while idle").isLessThanOrEqualTo(1024);
            }
        }
    }
}
