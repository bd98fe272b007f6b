package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.gossip.SendQueue;
import io.swarmscope.internal.gossip.Version;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the stream to one peer and writes to it what its queue holds, until the queue or the stream ends. Runs on a virtual thread. */
final class GossipWriter {

    private static final Logger log = LoggerFactory.getLogger(GossipWriter.class);

    private final Mailbox<Input> mailbox;

    GossipWriter(Mailbox<Input> mailbox) {
        this.mailbox = mailbox;
    }

    void run(Action.OpenGossip action) {
        PeerId peer = action.connection().remote();
        SendQueue queue = action.queue();
        boolean forGood = false;
        try (Stream stream = action.connection().open(Version.protocols(), Limits.GOSSIP_OPEN)) {
            mailbox.force(new Event.GossipOpened(peer, queue, Version.of(stream.protocol())));
            for (byte[] frame; (frame = queue.take()) != null; ) {
                stream.timeout(Limits.GOSSIP_WRITE);
                stream.output().write(frame);
            }
        } catch (IOException e) {
            forGood = e instanceof HostException h && h.kind() == HostException.Kind.PROTOCOL_UNSUPPORTED;
            log.debug("the gossip stream to {} ended: {}", peer, e.getMessage());
        } catch (InterruptedException e) {
            log.debug("closing: the gossip stream to {} ends", peer);
        } finally {
            queue.close();
            mailbox.force(new Event.GossipEnded(peer, queue, forGood));
        }
    }
}
