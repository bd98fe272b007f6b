package io.swarmscope.internal.node;

import io.swarmscope.PeerId;
import io.swarmscope.internal.gossip.Message;
import io.swarmscope.internal.gossip.Signing;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.wire.MalformedException;
import java.util.HashMap;
import java.util.Map;

/**
 * What all nodes of a simulation work out once: whether a signature is right. It depends on nothing but the bytes, so that sharing it changes no decision,
 * while a thousand nodes would verify each publication two thousand times. Touched only by the thread that has its turn.
 */
public final class SimulatedSignatures {

    private final Map<Bytes, Object> records = new HashMap<>();
    private final Map<Bytes, Object> authors = new HashMap<>();

    /** Nothing is known. */
    public SimulatedSignatures() {}

    Signed<?> record(byte[] encoded) throws RecordRefused {
        Object known = records.computeIfAbsent(Bytes.of(encoded), bytes -> {
            try {
                return RecordCodec.open(encoded);
            } catch (RecordRefused e) {
                return e;
            }
        });
        if (known instanceof RecordRefused refused) {
            throw refused;
        }
        return (Signed<?>) known;
    }

    PeerId author(Message message) throws MalformedException {
        Object known = authors.computeIfAbsent(Bytes.of(message.encoded()), bytes -> {
            try {
                return Signing.verify(message);
            } catch (MalformedException e) {
                return e;
            }
        });
        if (known instanceof MalformedException malformed) {
            throw malformed;
        }
        return (PeerId) known;
    }
}
