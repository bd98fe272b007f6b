package io.swarmscope.internal.attack;

import static org.awaitility.Awaitility.await;

import io.swarmscope.internal.wire.Frames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * What the tests of limits have in common: one victim for all tests of a class, and attackers that leave after each. Each test
 * shows how an attack ends, in which counter that can be read, what it costs of the victim's heap, and that an honest peer is
 * served all the while.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UnderAttack {
    private final Queue<Attacker> attackers = new ConcurrentLinkedQueue<>();

    Victim victim;

    @BeforeAll
    void open() throws Exception {
        victim = new Victim();
    }

    @AfterAll
    void close() throws Exception {
        victim.close();
    }

    @BeforeEach
    void mark() {
        victim.mark();
    }

    /** It recovers: of what attackers had nothing is left. */
    @AfterEach
    void leave() {
        attackers.forEach(Attacker::close);
        attackers.clear();
        await().until(() -> victim.level("host.inbound") == 1);
        victim.awaitHeapWithin(4);
    }

    /** Notes that the attacker is to leave after the test. */
    Attacker attack(Attacker attacker) {
        attackers.add(attacker);
        return attacker;
    }

    /** Many protocols that nobody has heard of. */
    static byte[] proposals(int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Frames.write(bytes, "/multistream/1.0.0\n".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < count; i++) {
            Frames.write(bytes, ("/unheard/of/" + i + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }
}
