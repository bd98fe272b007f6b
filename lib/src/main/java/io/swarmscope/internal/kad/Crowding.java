package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.util.List;

/**
 * Tells a key around which somebody has settled with many identities. Ids are hashed, so that honest peers lie everywhere alike: where the tenth nearest to a key is many
 * times nearer than the tenth nearest to this node, somebody made ids until they fitted. Pure; any thread.
 */
final class Crowding {

    /** Which of the nearest is compared: one of two of them may be strangers before it shows. */
    private static final int RANK = 10;

    /** How many times nearer. Among honest peers it is once in a hundred million keys. */
    private static final double TIMES = 16;

    private Crowding() {}

    /**
     * Whether a key is crowded.
     *
     * @param target the point of the key
     * @param nearest who is nearest to it, nearest first
     * @param self the point of this node
     * @param neighbours who is nearest to that, nearest first
     */
    static boolean isCrowded(Key target, List<PeerId> nearest, Key self, Bucket.Entry[] neighbours) {
        if (nearest.size() < RANK || neighbours.length < RANK) {
            return false; // the network is too small to tell
        }
        double there = distance(target, Key.of(nearest.get(RANK - 1)));
        double here = distance(self, neighbours[RANK - 1].key);
        return there * TIMES < here;
    }

    private static double distance(Key from, Key to) {
        long distance = from.head() ^ to.head();
        return (distance >>> 1) * 2.0 + (distance & 1);
    }
}
