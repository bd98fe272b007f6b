package io.swarmscope.simulation;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.DeafListener;
import io.swarmscope.internal.kad.Answer;
import io.swarmscope.internal.kad.MessageCodec;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.simulation.Place;
import io.swarmscope.internal.simulation.SimHost;
import io.swarmscope.internal.wire.MalformedException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Somebody in a simulated network who is no node of ours: answers the DHT as it likes, and nothing else. */
final class Stranger {

    private static final byte[] KEY_BEGINS = {8, 1, 18, 32};

    final PeerId id;
    private final SimulatedNetwork network;
    private final SimHost host;

    private Stranger(SimulatedNetwork network, int number, PeerId id, Function<Request, Answer> answers) {
        this.network = network;
        this.id = id;
        this.host = new SimHost(network.net(), new Place(number, id, network.net().engine()), "stranger/1");
        host.handle("/simulation/kad/1.0.0", stream -> stream.reset());
        host.serveKad((from, bytes, answer) -> {
            try {
                Answer said = answers.apply(MessageCodec.decodeRequest(bytes));
                if (said != null) {
                    answer.send(MessageCodec.encode(said));
                }
            } catch (MalformedException e) {
                answer.refuse();
            }
        });
        host.start(new DeafListener());
    }

    /**
     * In a network from now on.
     *
     * @param number not the number of a node or of another stranger
     * @param answers null for silence
     */
    static Stranger in(SimulatedNetwork network, int number, PeerId id, Function<Request, Answer> answers) {
        return network.enter(() -> new Stranger(network, number, id, answers));
    }

    Multiaddr address() {
        return host.place().address();
    }

    /** Connects to a node, so that it hears of this one. */
    void meet(SimulatedNode node) {
        var unused = network.run(() -> host.dial(node.address(), node.id(), Duration.ofSeconds(5)));
    }

    /** Some id, of which nobody has the key. */
    static PeerId someId(SplittableRandom random) {
        byte[] key = new byte[36];
        random.nextBytes(key);
        System.arraycopy(KEY_BEGINS, 0, key, 0, KEY_BEGINS.length);
        return PeerId.ofPublicKey(key);
    }

    /** An id that begins with so many bits of a key: what somebody gets who makes identities until one fits. */
    static PeerId near(byte[] key, int bits, SplittableRandom random) {
        while (true) {
            PeerId id = someId(random);
            if (Truth.commonBits(key, id) >= bits) {
                return id;
            }
        }
    }
}
