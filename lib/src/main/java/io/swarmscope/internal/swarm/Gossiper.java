package io.swarmscope.internal.swarm;

import io.swarmscope.host.Host;
import io.swarmscope.internal.gossip.Intake;
import io.swarmscope.internal.gossip.Message;
import io.swarmscope.internal.gossip.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What gossip needs outside of the swarm thread: signatures are made and checked here. Thread-safe. */
final class Gossiper {

    private static final Logger log = LoggerFactory.getLogger(Gossiper.class);

    private final GossipSetup setup;
    private final Intake intake;
    private final GossipServer server;
    private final Mailbox<Input> mailbox;

    Gossiper(GossipSetup setup, Intake intake, SwarmHandle swarm, Mailbox<Input> mailbox) {
        this.setup = setup;
        this.mailbox = mailbox;
        this.intake = intake;
        this.server = new GossipServer(swarm, intake, mailbox);
    }

    /** Answers the protocols. */
    void answer(Host host) {
        Version.protocols().forEach(protocol -> host.handle(protocol, server));
    }

    void publish(String topic, byte[] data) {
        Message message = setup.signing().sign(topic, data);
        intake.published(message);
        if (!mailbox.offer(new Event.GossipPublished(message))) {
            log.debug("the swarm is closed or behind: a message is not gossiped");
        }
    }
}
