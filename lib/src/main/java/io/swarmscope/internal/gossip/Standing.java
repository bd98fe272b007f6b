package io.swarmscope.internal.gossip;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is counted of one peer, for {@link Scores}, which alone looks into it. Not thread-safe: whoever runs the router. */
final class Standing {

    /** Peers that come from one ip address. */
    static final class Address {
        final String ip;
        int peers;

        Address(String ip) {
            this.ip = ip;
        }
    }

    /** What is counted of it in one topic. */
    static final class InTopic {
        final String topic;
        final ScoreConfig.Topic rules;
        boolean inMesh;
        long graftedAt;
        double first;
        double deliveries;
        double failures;
        double invalid;

        InTopic(String topic, ScoreConfig.Topic rules) {
            this.topic = topic;
            this.rules = rules;
        }

        /** How many deliveries it lacks, if it is held to a number of them: that is once it has been in the mesh for some time. */
        double deficit(long now) {
            boolean held = rules.countsDeliveries() && inMesh && now - graftedAt > rules.deliveryActivation().toNanos();
            return held ? Math.max(0, rules.deliveryThreshold() - deliveries) : 0;
        }

        void leaveMesh(long now) {
            double deficit = deficit(now);
            failures += deficit * deficit;
            inMesh = false;
        }

        boolean hasNothingToFade() {
            return first == 0 && deliveries == 0 && failures == 0 && invalid == 0;
        }
    }

    /** Those in which anything was counted: none, or one or two. */
    final List<InTopic> topics = new ArrayList<>(0);

    boolean connected;
    long retainedUntil;

    /** Where it comes from; null if that is not to be counted. */
    @Nullable Address address;

    double behaviour;

    /** What the application thought of it when it was asked last; and when it will be asked again. */
    double opinion;

    long opinionUntil;

    /** Made when first needed. */
    InTopic in(String topic, ScoreConfig config) {
        for (InTopic of : topics) {
            if (of.topic.equals(topic)) {
                return of;
            }
        }
        InTopic first = new InTopic(topic, config.of(topic));
        topics.add(first);
        return first;
    }

    boolean hasNothingToFade() {
        for (InTopic of : topics) {
            if (!of.hasNothingToFade()) {
                return false;
            }
        }
        return behaviour == 0;
    }
}
