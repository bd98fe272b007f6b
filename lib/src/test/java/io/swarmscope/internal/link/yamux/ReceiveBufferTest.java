package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceiveBufferTest {
    private final Budget budget = new Budget(1 << 20);
    private final ReceiveBuffer buffer = new ReceiveBuffer(budget);

    @Test
    void whatGoesInComesOutWhateverTheSteps() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ArrayDeque<Byte> model = new ArrayDeque<>();
        byte next = 0;
        ReceiveBuffer.Piece reserved = null;
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (reserved == null && model.size() < 300_000) {
                        byte[] bytes = new byte[random.nextInt(1 << random.nextInt(1, 16))];
                        for (int i = 0; i < bytes.length; i++) {
                            bytes[i] = next++;
                            model.add(bytes[i]);
                        }
                        assertThat(buffer.append(bytes, 0, bytes.length)).isTrue();
                    }
                }
                case 1 -> {
                    if (reserved == null && model.size() < 300_000) {
                        reserved = buffer.reserve(random.nextInt(1, 30_000));
                    }
                }
                case 2 -> {
                    if (reserved != null) {
                        int n = random.nextInt(reserved.bytes.length - reserved.to + 1);
                        for (int i = 0; i < n; i++) {
                            reserved.bytes[reserved.to + i] = next;
                            model.add(next++);
                        }
                        buffer.commit(reserved, n);
                        reserved = null;
                    }
                }
                default -> {
                    byte[] target = new byte[random.nextInt(1 << random.nextInt(1, 17)) + 2];
                    int n = buffer.read(target, 1, target.length - 1);
                    assertThat(n).as("seed %d", seed).isEqualTo(Math.min(model.size(), target.length - 1));
                    for (int i = 0; i < n; i++) {
                        assertThat(target[i + 1]).as("seed %d", seed).isEqualTo(model.remove());
                    }
                }
            }
            assertThat(buffer.size()).as("seed %d", seed).isEqualTo(model.size());
        }
        buffer.clear();
        assertThat(buffer.size()).isZero();
        if (reserved != null) {
            buffer.commit(reserved, 1);
        }
        assertThat(buffer.size()).isZero();
        assertThat(budget.held()).as("seed %d", seed).isZero();
    }

    @Test
    void manyTinyFramesTakeLittleMoreThanTheirBytes() {
        byte[] one = {1};
        for (int i = 0; i < 100_000; i++) {
            assertThat(buffer.append(one, 0, 1)).isTrue();
        }
        assertThat(budget.held()).isBetween(100_000L, 150_000L);
    }

    @Test
    void anEmptyBufferHoldsNothing() {
        buffer.append(new byte[50_000], 0, 50_000);
        buffer.read(new byte[50_000], 0, 50_000);
        assertThat(budget.held()).isZero();
    }

    @Test
    void beyondTheBudgetNothingIsTaken() {
        ReceiveBuffer other = new ReceiveBuffer(budget);
        assertThat(buffer.append(new byte[1 << 20], 0, 1 << 20)).isTrue();
        assertThat(other.append(new byte[1], 0, 1)).isFalse();
        assertThat(other.reserve(1)).isNull();
        buffer.clear();
        assertThat(other.append(new byte[1], 0, 1)).isTrue();
    }
}
