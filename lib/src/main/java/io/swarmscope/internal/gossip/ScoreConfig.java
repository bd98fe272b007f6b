package io.swarmscope.internal.gossip;

import static io.swarmscope.internal.gossip.GossipConfig.check;

import java.time.Duration;
import java.util.Map;

/**
 * What neighbours are worth. Immutable, checked when made. Weights of what is bad are negative.
 *
 * @param thresholds what follows from a score
 * @param topic how behaviour in a topic counts
 * @param topics topics for which it counts otherwise
 * @param topicCap most that good behaviour in topics is worth, so that it cannot pay for bad behaviour; 0 for no cap
 * @param appWeight for what the application thinks of the peer (P5)
 * @param colocationWeight for peers beyond the threshold on one ip address, squared (P6); loopback is exempt
 * @param colocationThreshold peers on one ip address that are nothing special
 * @param behaviourWeight for broken promises and for coming back too early beyond the threshold, squared (P7)
 * @param behaviourThreshold how much of it is forgiven
 * @param behaviourDecay what is left of it after each interval
 * @param decayInterval how often counters decay
 * @param decayToZero what is less counts as nothing
 * @param retain how long a bad score is kept after the peer went
 */
public record ScoreConfig(
        Thresholds thresholds,
        Topic topic,
        Map<String, Topic> topics,
        double topicCap,
        double appWeight,
        double colocationWeight,
        int colocationThreshold,
        double behaviourWeight,
        double behaviourThreshold,
        double behaviourDecay,
        Duration decayInterval,
        double decayToZero,
        Duration retain) {

    /** For topics on which there may be silence for hours, and where a forged message takes a liar. */
    public static final ScoreConfig DEFAULT = new ScoreConfig(
            Thresholds.DEFAULT,
            Topic.DEFAULT,
            Map.of(),
            20,
            10,
            -5,
            10,
            -10,
            4,
            0.9,
            Duration.ofSeconds(1),
            0.01,
            Duration.ofHours(1));

    /** Copies the map, checks the ranges. */
    public ScoreConfig {
        topics = Map.copyOf(topics);
        check("topicCap", topicCap, 0, 1e6);
        check("appWeight", appWeight, 0, 1e6);
        check("colocationWeight", colocationWeight, -1e6, 0);
        check("colocationThreshold", colocationThreshold, 1, 1e6);
        check("behaviourWeight", behaviourWeight, -1e6, 0);
        check("behaviourThreshold", behaviourThreshold, 0, 1e6);
        check("behaviourDecay", behaviourDecay, 0, 0.9999);
        check("decayInterval", decayInterval, Duration.ofSeconds(1), Duration.ofHours(1));
        check("decayToZero", decayToZero, 1e-9, 0.9999);
        check("retain", retain, Duration.ZERO, Duration.ofDays(1));
    }

    /** How behaviour in this topic counts. */
    Topic of(String name) {
        return topics.getOrDefault(name, topic);
    }

    /** The same with behaviour in all topics counting otherwise. */
    public ScoreConfig withTopic(Topic other) {
        return new ScoreConfig(
                thresholds,
                other,
                topics,
                topicCap,
                appWeight,
                colocationWeight,
                colocationThreshold,
                behaviourWeight,
                behaviourThreshold,
                behaviourDecay,
                decayInterval,
                decayToZero,
                retain);
    }

    /**
     * What follows from a score. Immutable, checked when made.
     *
     * @param gossip below this nothing is told to the peer and nothing it tells is listened to
     * @param publish below this own messages do not go to the peer
     * @param graylist below this nothing of the peer is looked at
     * @param opportunistic while neighbours' median is below this, better ones are taken in
     */
    public record Thresholds(double gossip, double publish, double graylist, double opportunistic) {

        /** Those of rust-libp2p and js-libp2p, the last for our smaller scores. */
        public static final Thresholds DEFAULT = new Thresholds(-10, -50, -80, 1);

        /** Checks that they are in order. */
        public Thresholds {
            check("gossip", gossip, -1e9, -1e-9);
            check("publish", publish, -1e9, gossip);
            check("graylist", graylist, -1e9, publish);
            check("opportunistic", opportunistic, 0, 1e9);
        }
    }

    /**
     * How behaviour in a topic counts. Immutable, checked when made.
     *
     * @param weight of the topic among others
     * @param timeWeight for time in the mesh (P1), in whole quanta up to a cap
     * @param timeQuantum the unit of it
     * @param timeCap most of it
     * @param firstWeight for messages that came from this peer first (P2)
     * @param firstDecay what is left of it after each interval
     * @param firstCap most of it
     * @param deliveryWeight for delivering fewer messages than the threshold, squared (P3); 0 for not looking, as befits quiet topics
     * @param deliveryDecay what is left of deliveries after each interval
     * @param deliveryCap most of them that are counted
     * @param deliveryThreshold how many there should be
     * @param deliveryWindow how long after the first copy another still counts
     * @param deliveryActivation how long after it came into the mesh a peer is held to it
     * @param failureWeight for having left the mesh with too few deliveries (P3b)
     * @param failureDecay what is left of it after each interval
     * @param invalidWeight for invalid messages, squared (P4)
     * @param invalidDecay what is left of them after each interval
     */
    public record Topic(
            double weight,
            double timeWeight,
            Duration timeQuantum,
            double timeCap,
            double firstWeight,
            double firstDecay,
            double firstCap,
            double deliveryWeight,
            double deliveryDecay,
            double deliveryCap,
            double deliveryThreshold,
            Duration deliveryWindow,
            Duration deliveryActivation,
            double failureWeight,
            double failureDecay,
            double invalidWeight,
            double invalidDecay) {

        /** Six invalid messages within minutes, and nothing of the peer is looked at for a while. */
        public static final Topic DEFAULT = new Topic(
                0.5,
                0.03,
                Duration.ofSeconds(1),
                300,
                0.5,
                0.99,
                40,
                0,
                0.9,
                100,
                20,
                Duration.ofMillis(10),
                Duration.ofSeconds(5),
                0,
                0.9,
                -10,
                0.995);

        /** Checks the ranges. */
        public Topic {
            check("weight", weight, 0, 1e6);
            check("timeWeight", timeWeight, 0, 1e6);
            check("timeQuantum", timeQuantum, Duration.ofNanos(1), Duration.ofDays(1));
            check("timeCap", timeCap, 0, 1e9);
            check("firstWeight", firstWeight, 0, 1e6);
            check("firstDecay", firstDecay, 0, 0.9999);
            check("firstCap", firstCap, 0, 1e9);
            check("deliveryWeight", deliveryWeight, -1e6, 0);
            check("deliveryDecay", deliveryDecay, 0, 0.9999);
            check("deliveryCap", deliveryCap, deliveryThreshold, 1e9);
            check("deliveryThreshold", deliveryThreshold, 0, 1e9);
            check("deliveryWindow", deliveryWindow, Duration.ZERO, Duration.ofMinutes(1));
            check("deliveryActivation", deliveryActivation, Duration.ofMillis(1), Duration.ofDays(1));
            check("failureWeight", failureWeight, -1e6, 0);
            check("failureDecay", failureDecay, 0, 0.9999);
            check("invalidWeight", invalidWeight, -1e6, 0);
            check("invalidDecay", invalidDecay, 0, 0.9999);
        }

        /** Whether too few deliveries count. */
        boolean countsDeliveries() {
            return deliveryWeight < 0 || failureWeight < 0;
        }

        /** The same, holding peers to a number of deliveries. */
        public Topic withDeliveries(double ofTooFew, double ofFailure, double threshold) {
            return new Topic(
                    weight,
                    timeWeight,
                    timeQuantum,
                    timeCap,
                    firstWeight,
                    firstDecay,
                    firstCap,
                    ofTooFew,
                    deliveryDecay,
                    Math.max(deliveryCap, threshold),
                    threshold,
                    deliveryWindow,
                    deliveryActivation,
                    ofFailure,
                    failureDecay,
                    invalidWeight,
                    invalidDecay);
        }
    }
}
