package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Peers, keys and values for the tests of this package. */
final class Fixtures {

    static final long MILLI = 1_000_000L;
    static final long SECOND = 1000 * MILLI;

    /** The namespace of {@link #NUMBERS}. */
    static final String NAMESPACE = "n";

    /**
     * Values are decimal numbers, more is better; {@code expired} is valid when it is put and not when it is read, {@code old} is refused,
     * but may come from an honest peer.
     */
    static final Validator NUMBERS = new Validator() {
        @Override
        public Verdict validate(byte[] key, byte[] value) {
            String text = new String(value, StandardCharsets.UTF_8);
            if (text.endsWith("old")) {
                return Verdict.outdated("old");
            }
            return text.matches("[0-9]{1,9}( *|expired)") ? Verdict.ACCEPTED : Verdict.refused("not a number");
        }

        @Override
        public Verdict validateAgain(byte[] key, byte[] value) {
            return new String(value, StandardCharsets.UTF_8).endsWith("expired")
                    ? Verdict.refused("expired")
                    : Verdict.ACCEPTED;
        }

        @Override
        public int select(byte[] key, List<byte[]> values) {
            int best = 0;
            for (int i = 1; i < values.size(); i++) {
                best = number(values.get(i)) > number(values.get(best)) ? i : best;
            }
            return best;
        }
    };

    static final Validators VALIDATORS = Validators.DEFAULT.with(NAMESPACE, NUMBERS);

    private Fixtures() {}

    /** A generator that can be had again: its seed is printed, and {@code -Dseed=} sets it. */
    static RandomGenerator random(String test) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println(test + ": -Dseed=" + seed);
        return new SplittableRandom(seed);
    }

    static PeerId peer(RandomGenerator random) {
        byte[] publicKey = new byte[36];
        random.nextBytes(publicKey);
        publicKey[0] = 0x08;
        publicKey[1] = 0x01;
        publicKey[2] = 0x12;
        publicKey[3] = 0x20;
        return PeerId.ofPublicKey(publicKey);
    }

    static List<PeerId> peers(int count, RandomGenerator random) {
        List<PeerId> peers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            peers.add(peer(random));
        }
        return peers;
    }

    /** A peer whose point shares exactly that many leading bits with the given one. */
    static PeerId peerInBucket(Key of, int bucket, RandomGenerator random) {
        while (true) {
            PeerId peer = peer(random);
            if (of.commonPrefixLength(Key.of(peer)) == bucket) {
                return peer;
            }
        }
    }

    static Multiaddr address(int number) {
        return Multiaddr.parse("/ip4/10." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255) + "/tcp/4001");
    }

    static PeerInfo info(PeerId peer) {
        return new PeerInfo(peer, List.of(address(peer.hashCode() & 0xffffff)));
    }

    static Bytes numberKey(String name) {
        return Bytes.ofText("/" + NAMESPACE + "/" + name);
    }

    static KadRecord record(String name, String value) {
        return new KadRecord(numberKey(name), Bytes.ofText(value));
    }

    static Bytes contentKey(RandomGenerator random) {
        byte[] multihash = new byte[34];
        random.nextBytes(multihash);
        multihash[0] = 0x12;
        multihash[1] = 0x20;
        return Bytes.of(multihash);
    }

    private static int number(byte[] value) {
        return Integer.parseInt(new String(value, StandardCharsets.UTF_8).replaceAll("[^0-9]", ""));
    }
}
