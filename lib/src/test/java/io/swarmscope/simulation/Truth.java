package io.swarmscope.simulation;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Multihash;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What somebody knows who sees a whole network: who is nearest to a key. */
final class Truth {

    private Truth() {}

    /** The nearest to a key, nearest first. */
    static List<PeerId> nearest(byte[] key, Collection<PeerId> among, int count) {
        byte[] point = Multihash.sha256Digest().digest(key);
        return among.stream()
                .sorted(Comparator.comparing(peer -> distance(point, peer), Arrays::compareUnsigned))
                .limit(count)
                .toList();
    }

    private static byte[] distance(byte[] point, PeerId peer) {
        byte[] distance = Multihash.sha256Digest().digest(peer.toBytes());
        for (int i = 0; i < distance.length; i++) {
            distance[i] ^= point[i];
        }
        return distance;
    }

    /** How many bits the points of a key and a peer begin with in common. */
    static int commonBits(byte[] key, PeerId peer) {
        byte[] distance = distance(Multihash.sha256Digest().digest(key), peer);
        int bits = 0;
        for (byte b : distance) {
            if (b != 0) {
                return bits + Integer.numberOfLeadingZeros(b & 0xff) - 24;
            }
            bits += 8;
        }
        return bits;
    }
}
