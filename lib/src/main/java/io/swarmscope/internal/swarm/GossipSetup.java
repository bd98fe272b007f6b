package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.gossip.Intake;
import io.swarmscope.internal.gossip.Signing;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * How a node gossips. Immutable.
 *
 * @param config how the mesh is kept
 * @param topics which topics this node is in; it may publish to others too
 * @param signing signs own messages
 * @param rules says what a message is worth, on the thread of the stream it came by
 * @param application what a peer is worth apart from gossip; returns at once
 */
public record GossipSetup(
        GossipConfig config,
        Set<String> topics,
        Signing signing,
        Intake.Rules rules,
        ToDoubleFunction<PeerId> application) {

    /** Copies the set, in an order that is the same in every process: what is said of topics follows it. */
    public GossipSetup {
        topics = Collections.unmodifiableSet(new TreeSet<>(topics));
    }
}
