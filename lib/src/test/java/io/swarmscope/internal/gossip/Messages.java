package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;

/** Messages for tests of who judges them, who sees them after their signature was verified. */
public final class Messages {

    private Messages() {}

    public static Message of(PeerId author, String topic, byte[] data) {
        return Message.unsigned(author.toBytes(), data, new byte[8], topic);
    }
}
