package io.swarmscope.internal.gossip;

import java.time.Duration;

/**
 * How a node gossips. Immutable, checked when made.
 *
 * @param mesh how many neighbours
 * @param times how often and how long
 * @param scores what neighbours are worth
 * @param ids how the id of a message is made; the same in the whole network
 * @param floodPublish whether own messages go to all who want them, not only to the mesh. Costs traffic, and no neighbour can hold them back
 * @param idontwantBytes messages from this size on are declined from the others once one peer has sent them; 0 for none
 */
public record GossipConfig(
        MeshConfig mesh, Times times, ScoreConfig scores, MessageIds ids, boolean floodPublish, int idontwantBytes) {

    /** What go-libp2p does, with scores. */
    public static final GossipConfig DEFAULT =
            new GossipConfig(MeshConfig.DEFAULT, Times.DEFAULT, ScoreConfig.DEFAULT, MessageIds.GO, true, 1024);

    /** Checks the ranges. */
    public GossipConfig {
        check("idontwantBytes", idontwantBytes, 0, 1 << 20);
    }

    /** The same with another mesh. */
    public GossipConfig withMesh(MeshConfig other) {
        return new GossipConfig(other, times, scores, ids, floodPublish, idontwantBytes);
    }

    /** The same with other times. */
    public GossipConfig withTimes(Times other) {
        return new GossipConfig(mesh, other, scores, ids, floodPublish, idontwantBytes);
    }

    /** The same with other scores. */
    public GossipConfig withScores(ScoreConfig other) {
        return new GossipConfig(mesh, times, other, ids, floodPublish, idontwantBytes);
    }

    /** The same with another id function. */
    public GossipConfig withIds(MessageIds other) {
        return new GossipConfig(mesh, times, scores, other, floodPublish, idontwantBytes);
    }

    /** The same with flood publishing on or off. */
    public GossipConfig withFloodPublish(boolean other) {
        return new GossipConfig(mesh, times, scores, ids, other, idontwantBytes);
    }

    /** The same with IDONTWANT from another size on. */
    public GossipConfig withIdontwantBytes(int other) {
        return new GossipConfig(mesh, times, scores, ids, floodPublish, other);
    }

    /**
     * How many neighbours a topic has. Immutable, checked when made.
     *
     * @param wanted how many are aimed at (D). Each message arrives about as often; fewer is cheaper and breaks more easily
     * @param low below this many, more are taken
     * @param high above this many, some are dropped
     * @param best of those that are left then, this many are the best ones, the others any
     * @param outbound this many at least are connections this node dialed, which no attacker can make up
     * @param lazy this many others at least are told what there is
     * @param lazyPart or this part of all others, if that is more
     * @param opportunistic every that many heartbeats neighbours of middling score are joined by better ones
     * @param opportunisticPeers this many
     * @param cacheWindows heartbeats for which messages are kept for those who ask
     * @param gossipWindows heartbeats for which they are told of
     */
    public record MeshConfig(
            int wanted,
            int low,
            int high,
            int best,
            int outbound,
            int lazy,
            double lazyPart,
            int opportunistic,
            int opportunisticPeers,
            int cacheWindows,
            int gossipWindows) {

        /** 6, 5 to 12. */
        public static final MeshConfig DEFAULT = new MeshConfig(6, 5, 12, 4, 2, 6, 0.25, 60, 2, 5, 3);

        /** Checks the ranges. */
        public MeshConfig {
            check("wanted", wanted, 1, 100);
            check("low", low, 1, wanted);
            check("high", high, wanted, 200);
            check("best", best, 0, wanted);
            check("outbound", outbound, 0, Math.min(low - 1, wanted / 2));
            check("lazy", lazy, 0, 100);
            check("lazyPart", lazyPart, 0, 1);
            check("opportunistic", opportunistic, 1, 100_000);
            check("opportunisticPeers", opportunisticPeers, 0, 100);
            check("cacheWindows", cacheWindows, 1, 100);
            check("gossipWindows", gossipWindows, 1, cacheWindows);
        }
    }

    /**
     * How often and how long. Immutable, checked when made.
     *
     * @param heartbeat how often the mesh is looked after and messages are told of
     * @param first when for the first time
     * @param fanout how long neighbours are kept for a topic this node only publishes to
     * @param pruneBackoff how long a dropped neighbour stays away
     * @param unsubscribeBackoff how long neighbours stay away from one that left the topic
     * @param graftFlood who comes back within this time after it was dropped is punished twice
     * @param seen how long the ids of messages are remembered
     * @param promise in this time who told of a message has to send it
     */
    public record Times(
            Duration heartbeat,
            Duration first,
            Duration fanout,
            Duration pruneBackoff,
            Duration unsubscribeBackoff,
            Duration graftFlood,
            Duration seen,
            Duration promise) {

        /** As in go-libp2p. */
        public static final Times DEFAULT = new Times(
                Duration.ofSeconds(1),
                Duration.ofMillis(100),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(120),
                Duration.ofSeconds(3));

        /** Checks the ranges. */
        public Times {
            check("heartbeat", heartbeat, Duration.ofMillis(10), Duration.ofMinutes(1));
            check("first", first, Duration.ofMillis(1), Duration.ofMinutes(1));
            check("fanout", fanout, heartbeat, Duration.ofHours(1));
            check("pruneBackoff", pruneBackoff, heartbeat, Duration.ofHours(1));
            check("unsubscribeBackoff", unsubscribeBackoff, heartbeat, Duration.ofHours(1));
            check("graftFlood", graftFlood, Duration.ZERO, pruneBackoff);
            check("seen", seen, heartbeat, Duration.ofHours(1));
            check("promise", promise, Duration.ofMillis(1), Duration.ofMinutes(1));
        }
    }

    static void check(String name, double value, double least, double most) {
        // The other way around a NaN would pass.
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " " + value + ": from " + least + " to " + most);
        }
    }

    static void check(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " " + value + ": from " + least + " to " + most);
        }
    }
}
